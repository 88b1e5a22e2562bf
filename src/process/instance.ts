import type { LedgerEvent } from "../event/envelope.ts";
import type { ProcessDefinition } from "./contract.ts";
import { ProcessError } from "./errors.ts";

/** An instance as it is stored. Whoever decides changes it by compare-and-set on `version`. */
export interface Instance {
  readonly definitionVersion: number;
  readonly phase: string;
  /** Undefined: no event could be decided on yet, so it has no state. */
  readonly state: unknown;
  /** When its first event happened, of which it inherits correlation and plant. */
  readonly beganAt: string;
  readonly correlation: string;
  readonly plant: string | undefined;
  readonly lastN: number;
  readonly version: number;
  /** Why nothing is decided here until a person releases it. */
  readonly held: string | undefined;
}

/** An event that the router handed to an instance; `n` orders the deliveries of a partition. */
export interface Delivery {
  readonly n: number;
  readonly event: LedgerEvent;
  /** For a TimerFired: the generation of the timer that is set now, undefined when it is set no more. */
  readonly timerGeneration?: number | undefined;
}

/** A delivery kept for later: until the phase changes (with a deadline), or until the instance is released (without). */
export interface Deferred extends Delivery {
  readonly deadlineAt: string | undefined;
  readonly expired: boolean;
}

/**
 * Brings the state of an older definition to this one's, one version after the other.
 * @throws ProcessError PROCESS_VERSION_NEWER when it was stored by a newer definition: this hub must leave it alone
 */
export function migrate(
  definition: ProcessDefinition,
  from: number,
  phase: string,
  state: unknown,
): { phase: string; state: unknown } {
  let at = { phase, state };
  for (let version = from; version < definition.version; version++) {
    at = definition.migrate!(version, at.phase, at.state);
    if (!Object.hasOwn(definition.phases, at.phase) && version === definition.version - 1)
      throw new Error(`migrate from version ${version} leads to "${at.phase}", which is no phase`);
  }
  return at;
}

/** @throws ProcessError PROCESS_VERSION_NEWER */
export function refuseNewer(definition: ProcessDefinition, key: string, storedVersion: number): void {
  if (storedVersion <= definition.version) return;
  throw new ProcessError(
    "PROCESS_VERSION_NEWER",
    `${definition.name} of ${key} was decided by version ${storedVersion}, this hub has version ${definition.version}; bring this hub to the newer version`,
  );
}
