import type { Stage } from "./stage.ts";

/** One line of the table. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What bare PostgreSQL, or hand-written code, reached in the same run; null where nothing is comparable. */
  readonly limit: number | null;
  /** value / limit */
  readonly ratio: number | null;
}

export const LEAVINGS = ["nothing", "some", "much"] as const;

/** The default export of a `*.bench.ts`. */
export interface Bench {
  /** The figures it prints, or prefixes of them: `--only` chooses by these. */
  readonly names: readonly string[];
  readonly purpose: string;
  /** In the database that all share: those that leave least behind run first. */
  readonly leaves: (typeof LEAVINGS)[number];
  /** @throws Error when what it measured was wrong: an order lost, doubled or left undone */
  readonly run: (stage: Stage) => Promise<Figure[]>;
}

export function figure(name: string, value: number, unit: string, limit: number | null = null): Figure {
  return { name, value, unit, limit, ratio: limit === null || limit === 0 ? null : value / limit };
}

/** @param sorted ascending @param share 0.99: the value that 99 of 100 do not exceed */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
