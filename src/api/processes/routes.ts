import { type Static, Type } from "typebox";

import type { ProcessDefinition, Row } from "../../process/contract.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { nullable, oneOf, strictObject, text, TIME } from "../schema.ts";
import { isInScope, type Scope, scopeOf } from "../scope.ts";
import { seldom } from "../seldom.ts";
import { type PhaseCount, selectPhaseCounts } from "./queries.ts";

const ROW = Type.Object({
  event: Type.String({
    description: "An event's name; for the engine's own with the thing: EffectApplied:create.",
  }),
  does: oneOf(["handle", "defer", "ignore"]),
  to: Type.Optional(Type.Array(Type.String(), { description: "Phases it can lead to." })),
  deferMs: Type.Optional(Type.Integer()),
  because: Type.Optional(Type.String()),
});
const PHASE = Type.Object({
  name: Type.String(),
  final: Type.Boolean(),
  instances: Type.Integer(),
  held: Type.Integer({ description: "Instances that a failed handler holds." }),
  oldest: nullable(Type.String({ ...TIME, description: "When the oldest instance in this phase began." })),
  rows: Type.Array(ROW),
});
const EDGE = Type.Object({
  from: Type.String(),
  to: Type.String(),
  on: Type.Array(Type.String(), { description: "The events that can lead from one to the other." }),
});
const PROCESS = Type.Object({
  name: Type.String(),
  version: Type.Integer(),
  purpose: Type.String(),
  subjectKind: Type.String(),
  initialPhase: Type.String(),
  phases: Type.Array(PHASE),
  edges: Type.Array(EDGE, { description: "The state diagram: its nodes are the phases." }),
  countedAt: Type.String({
    ...TIME,
    description: "When the instances were counted: where there are many, not with each call.",
  }),
});

export default defineRoutes((api, { pool, processes }) => {
  const counted = seldom(() => selectPhaseCounts(pool));

  api.get(
    "/v1/processes",
    {
      config: { access: "process.read" },
      schema: {
        tags: ["processes"],
        summary: "Every process: its phase table, and how many instances are where",
        response: { 200: Type.Object({ items: Type.Array(PROCESS) }) },
      },
    },
    async (request) => {
      const counts = inScope(await counted(), scopeOf(request));
      return { items: [...processes.values()].map((each) => showProcess(each, counts)) };
    },
  );

  api.get(
    "/v1/processes/:process",
    {
      config: { access: "process.read" },
      schema: {
        tags: ["processes"],
        summary: "One process",
        params: strictObject({ process: text("order-confirmation") }),
        response: { 200: PROCESS },
      },
    },
    async (request) => {
      const { process } = request.params;
      const definition = processes.get(process);
      if (!definition) throw notFound("process", process);
      return showProcess(definition, inScope(await counted(), scopeOf(request)));
    },
  );
});

interface Counted {
  readonly value: readonly PhaseCount[];
  readonly at: string;
}

function inScope({ value, at }: Counted, scope: Scope): Counted {
  return { value: value.filter(({ plant }) => isInScope(scope, plant)), at };
}

function showProcess(definition: ProcessDefinition, { value: counts, at }: Counted) {
  const { name, version, purpose, subjectKind, initialPhase } = definition;
  const phases = Object.entries(definition.phases).map(([phase, table]) => {
    const here = counts.filter((each) => each.process === name && each.phase === phase);
    return {
      name: phase,
      final: definition.finalPhases.includes(phase),
      instances: here.reduce((sum, { count }) => sum + count, 0),
      held: here.reduce((sum, { held }) => sum + held, 0),
      oldest: here.map(({ oldest }) => oldest).toSorted()[0] ?? null,
      rows: Object.entries(table).map(([event, row]) => showRow(event, row)),
    };
  });
  const edges = phases.flatMap(({ name: from, rows }) =>
    Object.keys(definition.phases).flatMap((to) => {
      const on = rows.filter((row) => row.to?.includes(to)).map(({ event }) => event);
      return on.length === 0 ? [] : [{ from, to, on }];
    }),
  );
  return { name, version, purpose, subjectKind, initialPhase, phases, edges, countedAt: at };
}

function showRow(event: string, row: Row<unknown, string>): Static<typeof ROW> {
  if ("handle" in row) return { event, does: "handle", to: [...row.to] };
  if ("ignore" in row) return { event, does: "ignore", because: row.ignore };
  return { event, does: "defer", deferMs: row.deferMs, because: row.because };
}
