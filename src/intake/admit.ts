/*
 * The one gate between what was sent and what is told. Whatever way an event came, it passes the same checks in the same
 * order, cheapest first: envelope, type, who may tell it, contract. Nothing here waits or writes.
 */
import type { Authority } from "../authority/authority.ts";
import type { ContractRegistry } from "../contract/registry.ts";
import { parseEventType, parseSubject, systemOf } from "../event/envelope.ts";
import { toUtc } from "../event/time.ts";
import { separate } from "../ledger/personal.ts";
import { contentHash, type NewEvent } from "../ledger/row.ts";
import { FIELD_BYTES } from "../ledger/storable.ts";
import type { Candidate } from "./canonical.ts";
import { type Refusal, refuse } from "./refusal.ts";

export interface AdmissionRules {
  readonly contracts: ContractRegistry;
  readonly authority: Authority;
}

/** Ready for the ledger but for the number of its source, which only a source that may speak is given. */
export type AdmittedEvent = Omit<NewEvent, "sourceId">;

export type Admission =
  | { readonly ok: true; readonly event: AdmittedEvent }
  | { readonly ok: false; readonly refusal: Refusal };

/** Attribute to the longest value in bytes; the first five are required. */
const TEXTS = {
  id: FIELD_BYTES.id,
  source: FIELD_BYTES.source,
  type: FIELD_BYTES.type,
  subject: FIELD_BYTES.subject,
  time: 40,
  correlationid: FIELD_BYTES.correlation,
  causationid: FIELD_BYTES.causeEffect,
  plant: FIELD_BYTES.plant,
  businessunit: FIELD_BYTES.businessUnit,
  sourceversion: FIELD_BYTES.sourceVersion,
  traceparent: FIELD_BYTES.traceparent,
} as const;

type Texts = { [Name in keyof typeof TEXTS]?: string };

const NAMES = Object.keys(TEXTS) as (keyof typeof TEXTS)[];
const REQUIRED = new Set<string>(["id", "source", "type", "subject", "time"]);
// CloudEvents forbids control characters in its strings; a NUL no row could keep.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const REFERENCE = /^[0-9A-HJKMNP-TV-Z]{16}$/;

export function admit(candidate: Candidate, rules: AdmissionRules): Admission {
  const { attributes, data, text } = candidate;
  if (attributes["specversion"] !== "1.0")
    return refuse(422, "EVENT_ENVELOPE", `specversion must be "1.0"`, "/specversion");
  const contentType = attributes["datacontenttype"];
  if (contentType !== undefined && contentType !== "application/json")
    return refuse(422, "EVENT_ENVELOPE", "datacontenttype must be application/json", "/datacontenttype");
  for (const name of NAMES) {
    const why = whyNotText(name, attributes[name]);
    if (why !== undefined) return refuse(422, "EVENT_ENVELOPE", `${name} ${why}`, `/${name}`);
  }
  // Every one of them is a string or absent from here on, and the required ones are there.
  const { id, source, type, subject, time, ...told } = attributes as Texts &
    Record<"id" | "source" | "type" | "subject" | "time", string>;

  if (parseSubject(subject) === undefined)
    return refuse(
      422,
      "EVENT_ENVELOPE",
      `subject must be <kind>/<id>, such as salesOrder/SO-1001, not ${subject}`,
      "/subject",
    );
  const occurredAt = toUtc(time);
  if (occurredAt === undefined)
    return refuse(
      422,
      "EVENT_ENVELOPE",
      `time must be RFC 3339 with offset, such as 2026-03-01T10:00:00+01:00, not ${time}`,
      "/time",
    );

  const name = parseEventType(type);
  const contract = name && rules.contracts.get("event", name.name, name.major);
  if (!name || !contract)
    return refuse(422, "EVENT_TYPE_UNKNOWN", `no contract is loaded for the event type ${type}`, "/type");

  const system = systemOf(source);
  if (system === undefined)
    return refuse(403, "SOURCE_UNKNOWN", `source must be /systems/<system>, not ${source}`, "/source");
  if (rules.authority.roleOf(system) === undefined)
    return refuse(403, "SOURCE_UNKNOWN", `there is no system ${system} in interlock.yaml`, "/source");
  const may = rules.authority.mayEmit(system, name.name);
  if (!may.ok) return refuse(403, "AUTHORITY_REFUSED", may.message, "/source");

  const verdict = contract.validate(data);
  if (!verdict.ok) return dataRefusal(verdict.problems);

  const pointers = contract.personal(data);
  const kept = pointers.length === 0 ? { body: text } : separate(text, pointers);
  return {
    ok: true,
    event: {
      source,
      id,
      type,
      subject,
      time,
      ...kept,
      contentHash: contentHash(type, subject, occurredAt, text),
      correlation: told.correlationid,
      causeEffect:
        told.causationid !== undefined && REFERENCE.test(told.causationid) ? told.causationid : undefined,
      plant: told.plant,
      businessUnit: told.businessunit,
      sourceVersion: told.sourceversion,
      traceparent: told.traceparent,
    },
  };
}

function whyNotText(name: keyof typeof TEXTS, value: unknown): string | undefined {
  if (value === undefined) return REQUIRED.has(name) ? "is required and missing" : undefined;
  if (typeof value !== "string") return "must be a string";
  if (value === "") return "is empty";
  const limit = TEXTS[name];
  if (value.length * 3 > limit && Buffer.byteLength(value) > limit)
    return `is longer than ${limit} bytes (${Buffer.byteLength(value)})`;
  if (CONTROL.test(value) || !value.isWellFormed())
    return "holds a control character or half of a surrogate pair";
  return undefined;
}

function dataRefusal(problems: readonly { pointer: string; message: string; value?: string }[]): Admission {
  const errors = problems.map(({ pointer, message, value }) => ({
    pointer: `/data${pointer}`,
    detail: value === undefined ? message : `${message}; found ${value}`,
  }));
  const first = errors[0] ?? { pointer: "/data", detail: "does not satisfy its contract" };
  return {
    ok: false,
    refusal: {
      status: 422,
      code: "EVENT_DATA",
      detail: `${first.pointer} ${first.detail}`,
      pointer: first.pointer,
      errors,
    },
  };
}
