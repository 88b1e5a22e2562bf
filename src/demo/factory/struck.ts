/** How often each fault struck, as the simulators counted. */
import type { Fault } from "./trouble.ts";
import { type SystemName, type World } from "./world.ts";

export interface Struck {
  readonly system: string;
  readonly kind: string;
  readonly times: number;
}

/** @param faults those that were on */
export async function readStruck(
  world: World,
  faults: Readonly<Record<SystemName, readonly Fault[]>>,
): Promise<Struck[]> {
  const each = await Promise.all(
    (Object.keys(faults) as SystemName[]).map(async (system) => {
      const counts = (await world.ask(system, "faults/struck")) as Record<string, number>;
      return faults[system].map(({ kind }) => ({ system, kind, times: counts[kind] ?? 0 }));
    }),
  );
  return each.flat();
}

/** A line for each system, and one for what was on and met nothing. */
export function struckInWords(struck: readonly Struck[]): string {
  const lines = [...Map.groupBy(struck, ({ system }) => system)].map(([system, kinds]) => {
    const met = kinds.filter(({ times }) => times > 0).toSorted((a, b) => b.times - a.times);
    return `  ${system.padEnd(9)} ${met.map(({ kind, times }) => `${kind} ${times}`).join(", ")}`;
  });
  const never = struck.filter(({ times }) => times === 0).map(({ system, kind }) => `${system} ${kind}`);
  const total = struck.reduce((sum, { times }) => sum + times, 0);
  return [
    `${total} faults struck:`,
    ...lines,
    ...(never.length > 0 ? [`  on, and never met anything: ${never.join(", ")}`] : []),
  ].join("\n");
}
