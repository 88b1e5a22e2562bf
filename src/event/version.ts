const COUNTER = /^[0-9]{1,30}$/;

/**
 * Whether news of an object is newer than what is known, by the version its source gives: never by arrival. Counters are
 * compared as numbers, other versions as text; what has no version is taken as it comes.
 */
export function isNewer(version: string | undefined, known: string | undefined): boolean {
  if (version === undefined || known === undefined) return true;
  if (COUNTER.test(version) && COUNTER.test(known)) return BigInt(version) >= BigInt(known);
  return version >= known;
}
