/*
 * Plant scope. An account may be limited to some plants; then it sees and does nothing of the others.
 *
 * A list hands `scopeOf(request)` to its query, which adds `plantCondition(column, scope)` to the conditions of `filtered`, or
 * by hand `($n::text[] is null or plant is null or plant = any ($n))`. A look-up of one row answers as if it were not there
 * unless `isInScope(scope, row.plant)`. Before anything is done to a row, `requirePlant(request, row.plant, what)`.
 *
 * A row without a plant is the company's: an order before it is known where it is made, a customer, an ERP's outage. Whoever
 * works in a plant reads it, or no order could be understood; only an account without a limit acts on it. Raw messages of a
 * system that stands in no plant are the exception: they speak of every plant, and are not shown within a scope (`ownSystems`).
 */
import type { FastifyRequest } from "fastify";

import type { System } from "../config/project.ts";
import { principalOf } from "./access.ts";
import type { Condition } from "./filter.ts";
import { Problem } from "./problem.ts";

/** The plants a request is limited to; undefined: no limit. */
export type Scope = readonly string[] | undefined;

export function scopeOf(request: FastifyRequest): Scope {
  return principalOf(request).plants;
}

/** For a list: rows of these plants, and those without one. */
export function plantCondition(column: string, scope: Scope): Condition {
  return [`(${column} is null or ${column} = any (?::text[]))`, scope];
}

/** Whether a row of this plant may be seen. */
export function isInScope(scope: Scope, plant: string | null | undefined): boolean {
  return scope === undefined || plant === null || plant === undefined || scope.includes(plant);
}

/**
 * Before something is done to a row that may be seen.
 * @throws Problem PLANT_DENIED, 403
 */
export function requirePlant(request: FastifyRequest, plant: string | null | undefined, what: string): void {
  const { plants, account } = principalOf(request);
  if (plants === undefined || (typeof plant === "string" && plants.includes(plant))) return;
  const whose = typeof plant === "string" ? `of plant ${plant}` : "of no single plant";
  throw new Problem(403, "PLANT_DENIED", `${what} is ${whose}; ${account} acts for ${plants.join(", ")}`);
}

/** The systems whose raw messages may be seen: all, or within a scope those that stand in its plants. */
export function ownSystems(
  scope: Scope,
  systems: ReadonlyMap<string, System>,
): readonly string[] | undefined {
  if (scope === undefined) return undefined;
  return [...systems.values()]
    .filter(({ plant }) => plant !== undefined && scope.includes(plant))
    .map(({ id }) => id);
}
