/*
 * The events as AsyncAPI 3.0: what may be sent to the ledger and what can be followed on it, for generators and portals that
 * read that format. The schemas are the contracts' own, with shared parts under `components/schemas`.
 */
import type { Contract, ContractRegistry } from "./registry.ts";
import { reachableSchemas, type SchemaLibrary } from "./validator.ts";

export function asyncApi(registry: ContractRegistry, version: string): object {
  const events = registry.contracts.filter(({ kind }) => kind === "event");
  const told = events.filter(isToldBySystems);
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Interlock",
      version,
      description:
        "Business events as CloudEvents 1.0 in structured JSON. What a system may tell, its role decides (`x-owner`); every event of the ledger can be followed.",
      license: { name: "Apache-2.0" },
    },
    defaultContentType: "application/cloudevents+json",
    channels: {
      events: {
        address: "/v1/events",
        description: "Sent with POST, one event or a batch; answered after the event is on disk.",
        messages: messagesOf(told),
        bindings: { http: {} },
      },
      ledger: {
        address: "/v1/events/stream",
        description: "Server-sent events in the ledger's order; `Last-Event-ID` goes on after a break.",
        messages: messagesOf(events),
        bindings: { http: {} },
      },
    },
    operations: {
      tellEvent: {
        action: "receive",
        channel: { $ref: "#/channels/events" },
        summary: "A system tells what happened",
        messages: told.map(({ type }) => ({ $ref: `#/channels/events/messages/${type}` })),
      },
      followLedger: {
        action: "send",
        channel: { $ref: "#/channels/ledger" },
        summary: "A reader follows the ledger",
        messages: events.map(({ type }) => ({ $ref: `#/channels/ledger/messages/${type}` })),
      },
    },
    components: {
      messages: Object.fromEntries(events.map((event) => [event.type, message(event)])),
      schemas: schemasOf(events, registry.library),
    },
  };
}

/** The engine's own events are followed, never sent. */
function isToldBySystems({ schema }: Contract): boolean {
  return ((schema["x-owner"] as readonly string[] | undefined) ?? []).some((owner) => owner !== "interlock");
}

function messagesOf(events: readonly Contract[]): object {
  return Object.fromEntries(events.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]));
}

function message({ name, type, description, schema }: Contract): object {
  return {
    name: type,
    title: name,
    summary: description,
    contentType: "application/cloudevents+json",
    payload: {
      type: "object",
      properties: {
        specversion: { const: "1.0" },
        id: { type: "string", maxLength: 200, description: "Unique within the source." },
        source: { type: "string", maxLength: 200, description: "`/systems/<system>`" },
        type: { const: type },
        subject: { type: "string", maxLength: 300, description: "`<kind>/<id>` of the business object." },
        time: { type: "string", format: "date-time", description: "When it happened, with offset." },
        datacontenttype: { const: "application/json" },
        plant: { type: "string" },
        businessunit: { type: "string" },
        correlationid: { type: "string" },
        causationid: { type: "string" },
        sourceversion: { type: "string", description: "Grows with each newer state of the object." },
        traceparent: { type: "string" },
        data: { $ref: `#/components/schemas/${partName(String(schema["$id"]))}` },
      },
      required: ["specversion", "id", "source", "type", "subject", "time", "data"],
    },
  };
}

function schemasOf(events: readonly Contract[], library: SchemaLibrary): object {
  const uris = new Set(events.flatMap(({ schema }) => [...reachableSchemas(String(schema["$id"]), library)]));
  return Object.fromEntries(
    [...uris].toSorted().map((uri) => [partName(uri), portable(library.get(uri), uri)]),
  );
}

/** interlock:///contracts/events/OrderRequested/1.json -> events.OrderRequested.1 */
function partName(uri: string): string {
  return uri
    .slice("interlock:///contracts/".length)
    .replace(/\.json$/, "")
    .replaceAll("/", ".");
}

/** AsyncAPI's schemas are of an older draft: words beside a reference would be passed over there. */
function portable(node: unknown, base: string): unknown {
  if (Array.isArray(node)) return node.map((each) => portable(each, base));
  if (typeof node !== "object" || node === null) return node;
  const { $ref, $id: _id, $schema: _schema, ...rest } = node as Record<string, unknown>;
  const beside = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, portable(value, base)]));
  if (typeof $ref !== "string") return beside;
  const target = new URL($ref, base).href;
  const inside = target.includes("#") ? target.slice(target.indexOf("#") + 1) : "";
  const reference = { $ref: `#/components/schemas/${partName(target.replace(/#.*$/, ""))}${inside}` };
  return Object.keys(beside).length === 0 ? reference : { allOf: [reference], ...beside };
}
