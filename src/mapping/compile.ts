import jsonata from "jsonata";
import { type MappingContext, type MappingTables, registerFunctions } from "./functions.ts";
import type { TimeNote } from "./local-time.ts";
import { describeError, type MappingProblem } from "./problem.ts";
import { ThreadBudget } from "./processor-time.ts";
import { LinearRegExp } from "./regex.ts";

export interface MappingSource {
  /** Path shown in errors, and the mapping's name. */
  file: string;
  /** JSONata text. */
  source: string;
}

export interface MappingLimits {
  /** What is mapped in one call may use this much processor time, milliseconds; one message half of it. Default 3000. */
  timeMs: number;
  /** A call whose process does not come to work for this long, milliseconds, is made again in another. Default 30000. */
  stalledMs: number;
  /** Longest result, characters of JSON text. Default 262144. */
  resultLength: number;
  /** Heap of the process that maps, MB. Default 96. */
  memoryMb: number;
}

export const MAPPING_LIMITS: MappingLimits = {
  timeMs: 3000,
  stalledMs: 30_000,
  resultLength: 262_144,
  memoryMb: 96,
};

export type MapResult =
  /** The result as JSON text, and what people should know although it worked. */
  { ok: true; text: string; notes: TimeNote[] } | { ok: false; problem: MappingProblem };

export interface CompiledMapping {
  /** One message at a time. Never throws. */
  map(input: unknown, context: MappingContext): Promise<MapResult>;
}

const MAX_DEPTH = 400;
const MAX_SEQUENCE = 100_000;

/**
 * Compiles a mapping. JSONata's guard rails stop ordinary mistakes with a line number; they cannot stop a hostile
 * expression (one call of `$pad` can ask for a gigabyte), so outside tests mappings run in a process of their own:
 * see mappings.ts.
 * @returns the problem when the text is no JSONata
 */
export function compileMapping(
  { file, source }: MappingSource,
  tables: MappingTables,
  limits: MappingLimits = MAPPING_LIMITS,
): { ok: true; mapping: CompiledMapping } | { ok: false; problem: MappingProblem } {
  let context: MappingContext;
  let notes: TimeNote[] = [];
  let expression: jsonata.Expression;
  const budget = new ThreadBudget(limits.timeMs / 2);
  try {
    expression = jsonata(source, {
      RegexEngine: LinearRegExp as unknown as RegExpConstructor,
      // JSONata holds this against the clock at every step, and has read it anew for that: the clock alone ends nothing.
      get timeout() {
        return budget.isOver() ? limits.timeMs / 2 : Infinity;
      },
      stack: MAX_DEPTH,
      sequence: MAX_SEQUENCE,
    });
    registerFunctions(
      expression,
      tables,
      () => context,
      (note) => notes.push(note),
    );
  } catch (error) {
    return { ok: false, problem: describeError(error, { file, source, fallback: "MAPPING_SYNTAX" }) };
  }
  const map = async (input: unknown, given: MappingContext): Promise<MapResult> => {
    context = given;
    notes = [];
    budget.begin();
    const about = {
      file,
      source,
      input,
      ...(given.messageId === undefined ? {} : { messageId: given.messageId }),
    };
    try {
      const text = JSON.stringify(await expression.evaluate(input)) as string | undefined;
      if (text === undefined) throw new Error("the mapping gave nothing for this message");
      if (text.length <= limits.resultLength) return { ok: true, text, notes };
      const message = `the result has ${text.length} characters of JSON, the limit is ${limits.resultLength}`;
      return { ok: false, problem: describeError({ message }, { ...about, fallback: "MAPPING_SIZE_LIMIT" }) };
    } catch (error) {
      return { ok: false, problem: describeError(error, { ...about, fallback: "MAPPING_FAILED" }) };
    }
  };
  return { ok: true, mapping: { map } };
}
