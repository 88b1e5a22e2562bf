const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/** Record ids have 15 characters that tell upper from lower case, and 3 more that make them safe where that is lost. */
export function makeId(prefix: string, sequence: number): string {
  let digits = "";
  for (let rest = sequence; digits.length < 9; rest = Math.floor(rest / 62))
    digits = BASE62[rest % 62]! + digits;
  return longId(`${prefix}Hs0${digits}`);
}

/** The 18 characters of an id of 15 or 18; undefined when it is no id. */
export function readId(text: string): string | undefined {
  if (!/^[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?$/.test(text)) return undefined;
  const long = longId(text.slice(0, 15));
  return text.length === 15 || text === long ? long : undefined;
}

function longId(short: string): string {
  const checks = [0, 5, 10].map((start) => {
    const bits = [...short.slice(start, start + 5)].map((char, n) => (/[A-Z]/.test(char) ? 1 << n : 0));
    return CHECK[bits.reduce((sum, bit) => sum + bit, 0)]!;
  });
  return short + checks.join("");
}
