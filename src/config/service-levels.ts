import type { ServiceLevel } from "../level/level.ts";
import type { CaseOwner } from "../process/contract.ts";
import { durationMs } from "./duration.ts";
import type { ConfigFile } from "./schema.ts";

/** @param tellersOf who may tell of an event, as roles or system ids */
export function readServiceLevels(
  { serviceLevels = {} }: Pick<ConfigFile, "serviceLevels">,
  tellersOf: (event: string) => readonly string[],
): ServiceLevel[] {
  return Object.entries(serviceLevels).map(
    ([name, { from, to, unless = [], repeats = false, within, owner }]) => ({
      name,
      from,
      to,
      unless,
      repeats,
      withinMs: durationMs(within),
      owner: owner as CaseOwner,
      tellers: tellersOf(to.event),
    }),
  );
}
