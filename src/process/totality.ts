import { ENGINE_EVENTS } from "../event/engine-event.ts";
import { endsOf, type ProcessDefinition, type Row } from "./contract.ts";
import { ProcessError } from "./errors.ts";

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Every row key that each phase of this process must have: its events, the ends of its effects, its timers. */
export function rowsRequired(definition: ProcessDefinition): string[] {
  return [
    ...Object.keys(definition.events),
    ...Object.entries(definition.effects).flatMap(([name, effect]) => endsOf(name, effect)),
    ...definition.timers.map((name) => `TimerFired:${name}`),
  ];
}

/**
 * What is wrong with a definition, in sentences for its author; empty when nothing is. Nothing can be ignored by accident:
 * every phase has exactly one row for each event it can get, and no row for what it cannot get.
 */
export function findGaps(definition: ProcessDefinition): string[] {
  const phases = Object.keys(definition.phases);
  const required = new Set(rowsRequired(definition));
  return [
    ...headGaps(definition, phases),
    ...phases.flatMap((phase) =>
      [...required]
        .filter((row) => !Object.hasOwn(definition.phases[phase]!, row))
        .map(
          (row) => `phase ${phase} has no row for ${row}: handle it, defer it, or ignore it with a reason`,
        ),
    ),
    ...phases.flatMap((phase) =>
      Object.entries(definition.phases[phase]!).flatMap(([key, row]) =>
        rowGaps(definition, required, phase, key, row).map((gap) => `phase ${phase}, ${key}: ${gap}`),
      ),
    ),
    ...unreachable(definition).map(
      (phase) => `phase ${phase} cannot be reached from ${definition.initialPhase}`,
    ),
  ];
}

/** @throws ProcessError PROCESS_INVALID with all gaps */
export function checkTotality(definition: ProcessDefinition): void {
  const gaps = findGaps(definition);
  if (gaps.length === 0) return;
  throw new ProcessError(
    "PROCESS_INVALID",
    `process ${definition.name} is not total:\n  ${gaps.join("\n  ")}`,
  );
}

function headGaps(definition: ProcessDefinition, phases: readonly string[]): string[] {
  const gaps: string[] = [];
  if (!NAME.test(definition.name)) gaps.push(`the name "${definition.name}" is not kebab case`);
  if (!Number.isSafeInteger(definition.version) || definition.version < 1)
    gaps.push(`version ${definition.version} is not a whole number from 1`);
  if (definition.version > 1 && !definition.migrate)
    gaps.push(
      `version ${definition.version} needs migrate: instances of version ${definition.version - 1} may be stored`,
    );
  for (const phase of [definition.initialPhase, ...definition.finalPhases])
    if (!phases.includes(phase)) gaps.push(`phase ${phase} is named but not defined`);
  for (const name of [...Object.keys(definition.links ?? {}), ...Object.keys(definition.facts ?? {})])
    if (!Object.hasOwn(definition.events, name))
      gaps.push(`${name} teaches links or facts but is not among its events`);
  for (const name of ENGINE_EVENTS)
    if (Object.hasOwn(definition.events, name))
      gaps.push(`${name} is told by the engine; name the effect or timer instead of the event`);
  return gaps;
}

function rowGaps(
  definition: ProcessDefinition,
  required: ReadonlySet<string>,
  phase: string,
  key: string,
  row: Row<unknown, string>,
): string[] {
  const gaps: string[] = [];
  if (!required.has(key) && !isProgress(definition, key))
    gaps.push("this event is not declared, so it never comes");
  if ("ignore" in row && row.ignore.trim() === "") gaps.push("ignored without a reason");
  if ("deferMs" in row) {
    if (definition.finalPhases.includes(phase))
      gaps.push("a final phase never changes, so nothing may be deferred in it");
    if (!(row.deferMs > 0)) gaps.push(`cannot be deferred for ${row.deferMs} ms`);
  }
  if ("handle" in row) {
    if (row.to.length === 0) gaps.push("leads to no phase: name at least the phase itself");
    for (const to of row.to)
      if (!Object.hasOwn(definition.phases, to)) gaps.push(`leads to ${to}, which is no phase`);
    if (definition.finalPhases.includes(phase) && row.to.some((to) => to !== phase))
      gaps.push("leads out of a final phase");
  }
  return gaps;
}

function isProgress(definition: ProcessDefinition, key: string): boolean {
  const [name, thing] = key.split(":");
  return name === "EffectAccepted" && thing !== undefined && Object.hasOwn(definition.effects, thing);
}

function unreachable(definition: ProcessDefinition): string[] {
  const reached = new Set([definition.initialPhase]);
  // a set grows while it is walked
  for (const phase of reached)
    for (const row of Object.values(definition.phases[phase] ?? {}))
      if ("handle" in row) for (const to of row.to) reached.add(to);
  return Object.keys(definition.phases).filter((phase) => !reached.has(phase));
}
