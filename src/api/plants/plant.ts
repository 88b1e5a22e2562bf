import { type Static, Type } from "typebox";

import { nullable, oneOf, TIME } from "../schema.ts";
import { HEALTH } from "../systems/health.ts";

const SYSTEM = Type.Object({
  system: Type.String(),
  role: Type.String(),
  health: oneOf(HEALTH),
  why: nullable(Type.String()),
  heardAt: nullable(Type.String({ ...TIME, description: "The last time one of its streams was read." })),
});

export const PLANT = Type.Object({
  plant: Type.String(),
  name: Type.String(),
  timeZone: Type.String({ description: "IANA: Europe/Paris" }),
  connected: oneOf(
    ["yes", "no", "partly", "unknown"],
    "no: the silence of its systems is a case. unknown: no system of it is read.",
  ),
  silentSince: nullable(TIME),
  systems: Type.Array(SYSTEM),
  backlog: Type.Object({
    effects: Type.Integer({
      description: "Effects to its systems that are due, parked or of unknown outcome.",
    }),
    messages: Type.Integer({ description: "Messages of its systems that are not in the ledger yet." }),
    cases: Type.Integer({ description: "Open cases about it." }),
  }),
  clock: Type.Object(
    {
      reports: Type.Integer({ description: "Of the last 24 hours, from which the rest is taken." }),
      shortestMs: nullable(
        Type.Integer({
          description: "From what happened until it was recorded, at best. Negative: its clock is ahead.",
        }),
      ),
      medianMs: nullable(Type.Integer()),
      aheadMs: nullable(
        Type.Integer({
          description:
            "By at least so much its clock is ahead; 0: nothing shows that. How far it is behind nobody can see.",
        }),
      ),
    },
    { description: "What can be seen of its clock without asking it." },
  ),
  localMappings: Type.Array(
    Type.Object({ system: Type.String(), name: Type.String(), file: Type.String() }),
    { description: "Where it is mapped otherwise than its connector ships." },
  ),
  scheduleAdherence: Type.Object({
    value: nullable(Type.Number({ description: "Share of the production orders due in the last 30 days." })),
    orders: Type.Integer(),
    query: Type.String({ description: "GET this for the figure over time." }),
  }),
});

export type PlantAnswer = Static<typeof PLANT>;
