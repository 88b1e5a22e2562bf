import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Authority } from "../authority/authority.ts";
import type { ContractRegistry } from "../contract/registry.ts";
import { parseEventType } from "../event/envelope.ts";
import { appendPointer } from "../contract/pointer.ts";
import type { MappingContext } from "./functions.ts";
import type { Mappings } from "./mappings.ts";
import { parseNativeJson } from "./native-json.ts";
import { readTranslation } from "./translate.ts";

/** What goes into an outbound and comes out of an inbound mapping is held against. */
export interface SampleRules {
  contracts: ContractRegistry;
  /** Absent where it is not known which role the system will have. */
  authority?: Authority;
}

/** One pair: what goes in, and what must come out (or the code of the error it must give). */
interface Sample {
  name?: string;
  input: unknown;
  output?: unknown;
  error?: string;
  /** Of the plant; only beside a shipped mapping, whose system stands in no plant yet. */
  timezone?: string;
}

/**
 * Runs the samples beside a mapping (`orders.samples.json` beside `orders.jsonata`): they are its tests. What comes out of
 * an inbound mapping must besides satisfy its contract, and its system must be allowed to say it; what goes into an
 * outbound one must satisfy the contract of its effect.
 * @param file the mapping's name; @param path where it lies; @param name the stream or effect it is for
 * @returns sentences that begin with the samples' file
 */
export async function mappingFindings(
  mappings: Mappings,
  rules: SampleRules,
  { file, path, name, context }: { file: string; path: string; name: string; context: MappingContext },
): Promise<string[]> {
  const shown = file.replace(/\.jsonata$/, ".samples.json");
  const samplesPath = path.replace(/\.jsonata$/, ".samples.json");
  if (!existsSync(samplesPath))
    return [`${shown}: missing: a mapping is shown and tested by pairs of input and output`];
  let samples: Sample[];
  try {
    samples = parseNativeJson(readFileSync(samplesPath, "utf8")) as unknown as Sample[];
  } catch (error) {
    return [`${shown}: not JSON: ${(error as Error).message}`];
  }
  if (!Array.isArray(samples) || samples.length === 0)
    return [`${shown}: must be an array of at least one sample`];
  const findings: string[] = [];
  for (const [n, sample] of samples.entries()) {
    const inPlace = sample.timezone === undefined ? context : { ...context, plant: sample.timezone };
    const wrong =
      (context.direction === "out" ? payloadProblem(rules, name, sample) : undefined) ??
      (await sampleProblem(mappings, rules, file, inPlace, sample));
    if (wrong) findings.push(`${shown}: ${sample.name ?? `sample ${n + 1}`}: ${wrong}`);
  }
  return findings;
}

async function sampleProblem(
  mappings: Mappings,
  rules: SampleRules,
  file: string,
  context: MappingContext,
  sample: Sample,
): Promise<string | undefined> {
  if (sample.output === undefined && sample.error === undefined) return "needs an output or an error";
  const result = await mappings.map(file, sample.input, context);
  if (!result.ok)
    return result.problem.code === sample.error
      ? undefined
      : `${result.problem.code}: ${result.problem.message}`;
  if (sample.error !== undefined)
    return `should fail with ${sample.error}, but gives ${shorten(result.text)}`;
  const output: unknown = JSON.parse(result.text);
  const difference = firstDifference(output, sample.output, "");
  if (difference) return difference;
  return context.direction === "in" ? admissionProblem(rules, file, context.system, result.text) : undefined;
}

/** What no process could send. A sample of an error may show it all the same. */
function payloadProblem({ contracts }: SampleRules, effect: string, sample: Sample): string | undefined {
  if (sample.error !== undefined) return undefined;
  const kind = contracts.get("query", effect, 1) ? "query" : "effect";
  const verdict = contracts.validate(kind, effect, 1, sample.input);
  if (verdict.ok) return undefined;
  return verdict.problems.map(({ pointer, message }) => `the input's ${pointer} ${message}`).join("; ");
}

/** What admission would say to the event. */
function admissionProblem(
  { contracts, authority }: SampleRules,
  file: string,
  system: string,
  text: string,
): string | undefined {
  const translation = readTranslation(file, text);
  if (!translation.ok) return translation.message;
  if (!translation.event) return undefined;
  const { type, data } = translation.event;
  const contract = contracts.byType("event", type);
  if (!contract) return `/type: there is no event contract ${type}`;
  const may = authority?.mayEmit(system, parseEventType(type)?.name ?? type);
  if (may?.ok === false) return `/type: ${may.message}`;
  const verdict = contract.validate(data);
  if (verdict.ok) return undefined;
  return verdict.problems
    .map(
      ({ pointer, message, value }) =>
        `/data${pointer} ${message}${value === undefined ? "" : ` (${value})`}`,
    )
    .join("; ");
}

function firstDifference(got: unknown, want: unknown, pointer: string): string | undefined {
  if (isDeepStrictEqual(got, want)) return undefined;
  if (isObject(got) && isObject(want) && Array.isArray(got) === Array.isArray(want)) {
    for (const key of new Set([...Object.keys(want), ...Object.keys(got)])) {
      const difference = firstDifference(got[key], want[key], appendPointer(pointer, key));
      if (difference) return difference;
    }
  }
  return `${pointer || "the result"} is ${shorten(JSON.stringify(got))}, the sample says ${shorten(JSON.stringify(want))}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function shorten(text: string | undefined): string {
  if (text === undefined) return "nothing";
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}
