/**
 * The envelope of every business event: CloudEvents 1.0 (JSON) with Interlock's extensions.
 * Words are those of ARCHITECTURE.md; contracts/events holds the schema of each type's `data`.
 */
export interface CloudEvent<Data = unknown> {
  readonly specversion: "1.0";
  /** Unique within `source`. At most 200 bytes. */
  readonly id: string;
  /** `/systems/<system>`, or `/interlock` for what the engine itself tells. */
  readonly source: string;
  /** `interlock.<Name>.v<major>`, past tense: `interlock.OrderRequested.v1`. */
  readonly type: string;
  /** `<kind>/<id>` of the business object: `salesOrder/SO-1001`. */
  readonly subject: string;
  /** When it happened, RFC 3339 with offset. */
  readonly time: string;
  readonly datacontenttype?: "application/json";
  readonly dataschema?: string;
  readonly data: Data;
  readonly traceparent?: string;
  /** The root object at the event's birth; `subject` when the sender knows none. Never changed afterwards. */
  readonly correlationid?: string;
  readonly causationid?: string;
  readonly plant?: string;
  readonly businessunit?: string;
  readonly legalentity?: string;
  /** Monotone per object in its source: later news is told from older by this, never by arrival. */
  readonly sourceversion?: string;
}

/** An event as the ledger holds it: what a router, a process or a reader sees. */
export interface LedgerEvent<Data = unknown> {
  readonly seq: number;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** RFC 3339, UTC, microseconds. */
  readonly time: string;
  readonly recordedTime: string;
  readonly correlation: string;
  readonly plant?: string;
  readonly businessUnit?: string;
  readonly causeSeq?: number;
  readonly causeEffect?: string;
  readonly sourceVersion?: string;
  readonly actor?: string;
  readonly reason?: string;
  readonly traceparent?: string;
  readonly data: Data;
}

/** The source of what Interlock itself tells: outcomes, timers, what people did. */
export const INTERLOCK_SOURCE = "/interlock";

export function sourceOf(system: string): string {
  return `/systems/${system}`;
}

/** The system of a source, or undefined for Interlock itself and foreign sources. */
export function systemOf(source: string): string | undefined {
  return source.startsWith("/systems/") ? source.slice("/systems/".length) : undefined;
}

export function eventType(name: string, major = 1): string {
  return `interlock.${name}.v${major}`;
}

const TYPE = /^interlock\.([A-Z][A-Za-z0-9]{0,79})\.v([1-9][0-9]{0,3})$/;

/** `interlock.OrderRequested.v1` -> `{ name: "OrderRequested", major: 1 }`; undefined when it is no such type. */
export function parseEventType(type: string): { name: string; major: number } | undefined {
  const match = TYPE.exec(type);
  return match ? { name: match[1]!, major: Number(match[2]) } : undefined;
}

/** A business object: the kind is lower camel case (`salesOrder`), the id whatever its system calls it. */
export interface ObjectRef {
  readonly kind: string;
  readonly id: string;
}

const KIND = /^[a-z][A-Za-z0-9]*$/;

export function parseSubject(subject: string): ObjectRef | undefined {
  const slash = subject.indexOf("/");
  const [kind, id] = [subject.slice(0, Math.max(0, slash)), subject.slice(slash + 1)];
  return KIND.test(kind) && id !== "" ? { kind, id } : undefined;
}

export function subjectOf(object: ObjectRef): string {
  return `${object.kind}/${object.id}`;
}
