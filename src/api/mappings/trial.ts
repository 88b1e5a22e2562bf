/*
 * A mapping tried without any effect: in a process of its own with the crosswalk in force, which ends with the trial. A text that
 * loops or grows costs its writer an error and nobody else anything.
 */
import { appendPointer } from "../../contract/pointer.ts";
import type { ContractRegistry } from "../../contract/registry.ts";
import type { CrosswalkRow } from "../../crosswalk/crosswalk.ts";
import { parseEventType } from "../../event/envelope.ts";
import type { MapResult } from "../../mapping/compile.ts";
import type { MappingContext } from "../../mapping/functions.ts";
import { openMappings } from "../../mapping/mappings.ts";
import { readTranslation } from "../../mapping/translate.ts";
import type { Compared, Tried } from "./mapping.ts";

export interface TrialTables {
  readonly crosswalk: readonly CrosswalkRow[];
  readonly zones: Readonly<Record<string, string>>;
}

const EXAMPLES = 50;
const SOURCES = 500;

export async function tryMapping(
  mapping: { readonly file: string; readonly source: string },
  input: unknown,
  context: MappingContext,
  tables: TrialTables,
  contracts: ContractRegistry,
): Promise<Tried> {
  const mappings = await openMappings({ mappings: [mapping], ...tables });
  try {
    const result = await mappings.map(mapping.file, input, context);
    if (!result.ok) {
      const { code, message, line, column, field } = result.problem;
      const place = { ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
      const problem = { code, message, ...place, ...(field !== undefined && { field }) };
      return { output: null, problem, contract: null, sources: [] };
    }
    const output: unknown = JSON.parse(result.text);
    const sources = sourcesOf(output, input);
    if (context.direction === "out") return { output, problem: null, contract: null, sources };
    const translation = readTranslation(mapping.file, result.text);
    if (!translation.ok) {
      const { code, message } = translation;
      return { output, problem: { code, message }, contract: null, sources };
    }
    return { output, problem: null, contract: verdictOf(translation.event, contracts), sources };
  } finally {
    mappings.close();
  }
}

function verdictOf(
  event: { readonly type: string; readonly data: unknown } | undefined,
  contracts: ContractRegistry,
): Tried["contract"] {
  if (!event) return null;
  const parsed = parseEventType(event.type);
  const contract = parsed && contracts.get("event", parsed.name, parsed.major);
  if (!contract) return null;
  const verdict = contract.validate(event.data);
  const problems = verdict.ok ? [] : verdict.problems.map(({ pointer, message }) => ({ pointer, message }));
  return { type: event.type, ok: verdict.ok, problems };
}

/** Which field of the message holds the same value: texts and numbers only, since `true` stands everywhere. */
function sourcesOf(output: unknown, input: unknown): Tried["sources"] {
  const places = new Map<string, string[]>();
  for (const { pointer, value } of leaves(input)) places.set(value, [...(places.get(value) ?? []), pointer]);
  return leaves(output)
    .map(({ pointer, value }) => ({ pointer, from: (places.get(value) ?? []).slice(0, 10) }))
    .slice(0, SOURCES);
}

function leaves(node: unknown, pointer = ""): { pointer: string; value: string }[] {
  if (typeof node === "string" || typeof node === "number") return [{ pointer, value: String(node) }];
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, child]) => leaves(child, appendPointer(pointer, key)));
}

/** Runs two texts of a mapping on the same messages. */
export async function compareMappings(
  { file, source, changed }: { readonly file: string; readonly source: string; readonly changed: string },
  messages: readonly { readonly id: number; readonly object: string; readonly input: unknown }[],
  context: MappingContext,
  tables: TrialTables,
): Promise<Compared> {
  const now = file;
  const then = `${file} (changed)`;
  const mappings = await openMappings({
    mappings: [
      { file: now, source },
      { file: then, source: changed },
    ],
    ...tables,
  });
  const compared: Compared = { looked: 0, same: 0, mended: 0, broken: 0, changed: 0, examples: [] };
  try {
    for (const { id, object, input } of messages) {
      const [before, after] = await Promise.all([
        mappings.map(now, input, context),
        mappings.map(then, input, context),
      ]);
      compared.looked += 1;
      const how = differenceOf(before, after);
      compared[how] += 1;
      if (how !== "same" && compared.examples.length < EXAMPLES)
        compared.examples.push({ message: id, object, before: shown(before), after: shown(after) });
    }
    return compared;
  } finally {
    mappings.close();
  }
}

function differenceOf(before: MapResult, after: MapResult): "same" | "mended" | "broken" | "changed" {
  if (!before.ok) return after.ok ? "mended" : "same";
  if (!after.ok) return "broken";
  return before.text === after.text ? "same" : "changed";
}

function shown(result: MapResult): unknown {
  return result.ok
    ? (JSON.parse(result.text) as unknown)
    : { problem: { code: result.problem.code, message: result.problem.message } };
}
