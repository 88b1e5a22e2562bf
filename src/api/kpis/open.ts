import { type Static, Type } from "typebox";

import { nullable, TIME } from "../schema.ts";

/** What is open now, whatever period it counts into. */
export const OPEN = Type.Object({
  object: Type.String(),
  part: nullable(Type.String({ description: "Of a report: the operation." })),
  plant: nullable(Type.String()),
  businessUnit: nullable(Type.String()),
  since: TIME,
  why: nullable(
    Type.String({ description: "The gates it waits for; or which report it is, and of how much." }),
  ),
});

export type OpenRow = Static<typeof OPEN> & { readonly key: string };

/** The figures that have something open at any time. */
export const OPEN_KPIS = ["order-release-delay", "unposted-confirmations"] as const;
