import { Type } from "typebox";

import type { ProcessDefinition, Row } from "../../process/contract.ts";
import { defineRoutes } from "../route.ts";
import { nullable, oneOf, TIME } from "../schema.ts";
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
const PROCESS = Type.Object({
  name: Type.String(),
  version: Type.Integer(),
  purpose: Type.String(),
  subjectKind: Type.String(),
  initialPhase: Type.String(),
  phases: Type.Array(PHASE),
});

export default defineRoutes((api, { pool, processes }) => {
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
    async () => {
      const counts = await selectPhaseCounts(pool);
      return { items: [...processes.values()].map((each) => showProcess(each, counts)) };
    },
  );
});

function showProcess(definition: ProcessDefinition, counts: readonly PhaseCount[]) {
  const { name, version, purpose, subjectKind, initialPhase } = definition;
  const phases = Object.entries(definition.phases).map(([phase, table]) => {
    const count = counts.find((each) => each.process === name && each.phase === phase);
    return {
      name: phase,
      final: definition.finalPhases.includes(phase),
      instances: count?.count ?? 0,
      held: count?.held ?? 0,
      oldest: count?.oldest ?? null,
      rows: Object.entries(table).map(([event, row]) => showRow(event, row)),
    };
  });
  return { name, version, purpose, subjectKind, initialPhase, phases };
}

function showRow(event: string, row: Row<unknown, string>) {
  if ("handle" in row) return { event, does: "handle" as const, to: [...row.to] };
  if ("ignore" in row) return { event, does: "ignore" as const, because: row.ignore };
  return { event, does: "defer" as const, deferMs: row.deferMs, because: row.because };
}
