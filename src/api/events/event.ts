import { type Static, Type } from "typebox";

import type { LedgerEvent } from "../../event/envelope.ts";
import { TIME } from "../schema.ts";

/** A CloudEvent with the ledger's extensions: what POST took, and where it went. */
export const EVENT = Type.Object({
  specversion: Type.Literal("1.0"),
  id: Type.String(),
  source: Type.String(),
  type: Type.String(),
  subject: Type.String(),
  time: TIME,
  datacontenttype: Type.Literal("application/json"),
  data: Type.Unknown({ description: "Personal fields that were redacted are null." }),
  seq: Type.Integer({ description: "Its position in the ledger." }),
  recordedtime: TIME,
  correlationid: Type.String(),
  causationid: Type.Optional(
    Type.String({ description: "event/<seq> or effect/<reference>: what it follows from." }),
  ),
  plant: Type.Optional(Type.String()),
  businessunit: Type.Optional(Type.String()),
  sourceversion: Type.Optional(Type.String()),
  traceparent: Type.Optional(Type.String()),
  actor: Type.Optional(Type.String({ description: "Who did it, when a person did." })),
  reason: Type.Optional(Type.String()),
});

export type EventAnswer = Static<typeof EVENT>;

export function showEvent(event: LedgerEvent): EventAnswer {
  const { causeEffect, causeSeq, plant, businessUnit, sourceVersion, traceparent, actor, reason } = event;
  const cause = causeEffect === undefined ? causeSeq && `event/${causeSeq}` : `effect/${causeEffect}`;
  return {
    specversion: "1.0",
    id: event.id,
    source: event.source,
    type: event.type,
    subject: event.subject,
    time: event.time,
    datacontenttype: "application/json",
    data: event.data,
    seq: event.seq,
    recordedtime: event.recordedTime,
    correlationid: event.correlation,
    ...(cause && { causationid: cause }),
    ...(plant !== undefined && { plant }),
    ...(businessUnit !== undefined && { businessunit: businessUnit }),
    ...(sourceVersion !== undefined && { sourceversion: sourceVersion }),
    ...(traceparent !== undefined && { traceparent }),
    ...(actor !== undefined && { actor }),
    ...(reason !== undefined && { reason }),
  };
}
