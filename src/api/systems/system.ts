import { type Static, Type } from "typebox";

import { nullable, oneOf, TIME } from "../schema.ts";
import { HEALTH } from "./health.ts";

const CURSOR = Type.Object({
  stream: Type.String(),
  position: nullable(Type.String({ description: "As the connector reads it." })),
  caughtUpTo: nullable(
    Type.String({ ...TIME, description: "Everything that happened up to here was read." }),
  ),
  heartbeatAt: nullable(Type.String({ ...TIME, description: "The last look." })),
});

const PULSE = Type.Object(
  {
    breaker: oneOf(["closed", "open", "trying"], "open: it does not work, nothing is sent to it."),
    quietMs: Type.Integer({ description: "For how long nothing is sent." }),
    callsUnderWay: Type.Integer(),
    concurrency: Type.Integer({ description: "Calls under way at most." }),
    rate: Type.Optional(
      Type.Object(
        { perSecond: Type.Number(), free: Type.Number({ description: "Calls that may begin now." }) },
        { description: "Absent: no limit is set." },
      ),
    ),
    latency: Type.Optional(
      Type.Object(
        { calls: Type.Integer(), p50: Type.Number(), p95: Type.Number(), p99: Type.Number() },
        { description: "Milliseconds, of the calls of the last quarter of an hour. Absent: there was none." },
      ),
    ),
  },
  { description: "As the hub sees it that sends to the system." },
);

export const SYSTEM = Type.Object({
  system: Type.String(),
  role: Type.String(),
  plant: nullable(Type.String()),
  connector: nullable(Type.String({ description: "Null: it pushes events and receives nothing." })),
  health: oneOf(HEALTH),
  why: nullable(Type.String({ description: "Why it is not healthy, in words." })),
  paused: nullable(Type.String({ description: "Why nothing is sent to it." })),
  pausedBy: nullable(Type.String()),
  pausedAt: nullable(TIME),
  owner: nullable(Type.String({ description: "The hub that sends to it; null while none does." })),
  pulse: nullable(PULSE),
  lanes: Type.Record(Type.String(), Type.Integer(), { description: "Lanes that are not idle, by state." }),
  oldestDueAt: nullable(Type.String({ ...TIME, description: "The lane that is due first." })),
  cursors: Type.Array(CURSOR),
  waitingMessages: Type.Integer({ description: "Native messages of it that are not in the ledger yet." }),
  quarantined: Type.Integer({ description: "Of these, how many wait for a person." }),
  silentSince: nullable(Type.String({ ...TIME, description: "Since when its silence is a case." })),
  lastMessageAt: nullable(Type.String({ ...TIME, description: "Null: it has sent none." })),
});

export const SYSTEM_DETAIL = Type.Object({
  ...SYSTEM.properties,
  title: nullable(Type.String({ description: "What its connector calls the product." })),
  config: Type.Unknown({ description: "As in interlock.yaml, secrets hidden." }),
  pace: Type.Record(Type.String(), Type.Unknown(), {
    description: "What interlock.yaml says of it; what is left out has its default.",
  }),
  streams: Type.Array(
    Type.Object({
      stream: Type.String(),
      kind: oneOf(["webhook", "poll", "pushed"], "pushed: declared in interlock.yaml and read by a mapping."),
      events: Type.Array(Type.String()),
      help: nullable(Type.String()),
    }),
  ),
  effects: Type.Array(
    Type.Object({
      effect: Type.String(),
      safety: oneOf(["idempotent", "probe", "neither"]),
      settlesWithinMs: Type.Integer(),
    }),
  ),
  mappings: Type.Array(
    Type.Object({
      name: Type.String(),
      file: Type.String(),
      direction: oneOf(["in", "out"]),
      shipped: Type.Boolean({ description: "False: the project's own takes its place." }),
    }),
  ),
});

export type SystemAnswer = Static<typeof SYSTEM>;
export type SystemDetail = Static<typeof SYSTEM_DETAIL>;

export const TEST = Type.Object({
  outcome: oneOf(
    ["answered", "unreachable", "refused", "untestable"],
    "answered: it was read with the credentials of interlock.yaml. refused: it does not accept them. untestable: there is nothing to read, and a test must change nothing.",
  ),
  stream: nullable(Type.String({ description: "What was read. Nothing is kept, and no cursor moves." })),
  tookMs: nullable(Type.Integer()),
  detail: Type.String(),
});
