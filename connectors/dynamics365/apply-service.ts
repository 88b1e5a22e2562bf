import type { Answer, Evidence, ProbeAnswer } from "../../src/connector/index.ts";
import type { Client, Row } from "./client.ts";
import { differenceOf, isObject, textOf, type Content } from "./content.ts";
import type { HarmlessFailure } from "./answer-class.ts";
import { findTraces, otherOperation } from "./find-trace.ts";
import { equals } from "./odata.ts";
import { sendingOf, type Erp, type Operation } from "./operation.ts";

type Refusal = Extract<Answer, { class: "reject" }>;

/** One operation of the customer's own service: how it is called, and where what it did can be read again. */
export type Service = {
  readonly name: string;
  /** What the extension calls it where it keeps the reference. */
  readonly trace: string;
  /** What must be looked up before it can be said; absent: the content is the request. */
  readonly request?: (
    erp: Erp,
    content: Content,
    signal: AbortSignal,
  ) => Promise<Content | HarmlessFailure | Refusal>;
  /** What a done one shows, by the members of the answer. */
  readonly evidence: readonly string[];
  /** What is held for the traced record says otherwise than the request; undefined: nothing. */
  readonly difference: (record: string, request: Content, held: readonly Row[]) => string | undefined;
  /** The set and the key in which the traced record can be read; absent: the trace says it all. */
  readonly record?: { readonly set: string; readonly key: string };
};

export function serviceOperation(service: Service): Operation {
  const requestOf = async (erp: Erp, content: Content, signal: AbortSignal) =>
    service.request ? service.request(erp, content, signal) : content;
  return {
    async apply(erp, effect, content, signal) {
      const request = await requestOf(erp, content, signal);
      if (isFailure(request)) return request;
      const full = { ...request, ILKReference: effect.reference };
      const reply = await erp.client.service(service.name, full, sendingOf(effect), signal);
      if (!reply.ok) return reply.failure;
      if (!isObject(reply.body) || reply.body["Success"] !== true)
        return { class: "unknown", why: `${service.name} was answered with something that is no result` };
      return { class: "applied", evidence: evidenceOf(service, reply.body) };
    },
    async probe(erp, effect, content, signal): Promise<ProbeAnswer> {
      const traces = await findTraces(erp, effect.reference, signal);
      if ("class" in traces) return traces;
      const own = traces.find(({ operation }) => operation === service.trace);
      if (!own) return traces.length === 0 ? { class: "absent" } : otherOperation(traces);
      const request = await requestOf(erp, content, signal);
      const evidence = { record: own.record };
      if (isFailure(request))
        return request.class === "reject"
          ? { class: "different", difference: request.reason, evidence }
          : request;
      const held = await readRecord(erp.client, service, own.record, signal);
      if ("class" in held) return held;
      const difference = service.difference(own.record, request, held);
      return difference === undefined
        ? { class: "applied", evidence }
        : { class: "different", difference, evidence };
    },
  };
}

/** Of the first record: what the request names of these, under the record's own names. */
export function recordDifference(
  names: Readonly<Record<string, string>>,
): (record: string, request: Content, held: readonly Row[]) => string | undefined {
  return (record, request, [held]) => {
    if (!held) return `${record} is not there any more`;
    const wanted = Object.entries(names).filter(([asked]) => request[asked] !== undefined);
    return differenceOf(Object.fromEntries(wanted.map(([asked, kept]) => [kept, request[asked]])), held);
  };
}

async function readRecord(
  client: Client,
  { record }: Service,
  key: string,
  signal: AbortSignal,
): Promise<readonly Row[] | HarmlessFailure> {
  if (!record) return [];
  const found = await client.find(record.set, { filter: equals({ [record.key]: key }) }, signal);
  return found.ok ? found.rows : found.failure;
}

function evidenceOf({ name, evidence }: Service, body: Row): Evidence {
  const shown = evidence.map((member) => [member, textOf(body[member]).slice(0, 400)]);
  return Object.fromEntries([["operation", name], ...shown.filter(([, value]) => value !== "")]) as Evidence;
}

function isFailure(request: Content | HarmlessFailure | Refusal): request is HarmlessFailure | Refusal {
  return typeof request["class"] === "string";
}
