/*
 * The HTTP binding of CloudEvents 1.0: structured (one JSON document), batch (an array of them), binary (attributes in ce-
 * headers, data as body). What leaves here is the sender's own text of `data` beside its parsed value.
 */
import { isUtf8 } from "node:buffer";
import { ExactJsonError, type JsonValue, parseExactJson } from "../contract/exact-json.ts";
import { itemSlices, sliceAt } from "../event/json-slice.ts";
import { type Refusal, jsonRefusal, refuse } from "./refusal.ts";

/** An event as its sender wrote it, nothing checked but that it is exact JSON. */
export interface Candidate {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly data: unknown;
  /** Exactly the text that was sent as data. */
  readonly text: string;
}

export type Read =
  | { readonly ok: true; readonly candidate: Candidate }
  | { readonly ok: false; readonly refusal: Refusal };

/** one: structured or binary. batch: each item by itself, so that a bad one does not take the others with it. */
export type ReadRequest =
  | { readonly kind: "one"; readonly read: Read }
  | { readonly kind: "batch"; readonly reads: readonly Read[] }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export const BATCH_LIMIT = 1_000;

/** @param headers names in lower case */
export function readRequest(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  raw: Buffer,
): ReadRequest {
  const type = String(headers["content-type"] ?? "")
    .split(";")[0]!
    .trim()
    .toLowerCase();
  if (!isUtf8(raw)) return refused(refuse(400, "EVENT_NOT_UTF8", "the body is not UTF-8"));
  const text = raw.toString("utf8");
  if (type === "application/cloudevents-batch+json") return readBatch(text);
  if (type === "application/cloudevents+json") return { kind: "one", read: readStructured(text) };
  if (headers["ce-specversion"] !== undefined && (type === "application/json" || type.endsWith("+json")))
    return { kind: "one", read: readBinary(headers, text) };
  const what =
    type === "application/json" ? "application/json without ce- headers" : type || "no content type";
  return refused(refuse(415, "MEDIA_TYPE_UNSUPPORTED", `${what} is not how an event is sent`));
}

function refused({ refusal }: { refusal: Refusal }): ReadRequest {
  return { kind: "refused", refusal };
}

function readBatch(text: string): ReadRequest {
  const slices = itemSlices(text);
  if (slices === undefined) return refused(refuse(400, "BATCH_INVALID", "the batch is not a JSON array", ""));
  if (slices.length === 0 || slices.length > BATCH_LIMIT)
    return refused(
      refuse(
        422,
        "BATCH_INVALID",
        `the batch has ${slices.length} events, 1 to ${BATCH_LIMIT} are taken`,
        "",
      ),
    );
  return { kind: "batch", reads: slices.map((slice) => readStructured(text.slice(...slice))) };
}

function readStructured(text: string): Read {
  const parsed = parse(text);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuse(422, "EVENT_ENVELOPE", "an event is a JSON object", "");
  if ("data_base64" in value)
    return refuse(422, "EVENT_ENVELOPE", "data_base64 is not read: send JSON in data", "/data_base64");
  const { data, ...attributes } = value;
  const slice = data === undefined ? undefined : sliceAt(text, "/data");
  if (slice === undefined) return refuse(422, "EVENT_ENVELOPE", "data is required and missing", "/data");
  return { ok: true, candidate: { attributes, data, text: text.slice(...slice) } };
}

function readBinary(headers: Readonly<Record<string, string | string[] | undefined>>, text: string): Read {
  const attributes: Record<string, string> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith("ce-") || typeof value !== "string") continue;
    const name = header.slice(3);
    try {
      attributes[name] = decodeURIComponent(value.replace(/^"(.*)"$/, "$1"));
    } catch {
      return refuse(422, "EVENT_ENVELOPE", `the header ${header} is not percent-encoded UTF-8`, `/${name}`);
    }
  }
  const parsed = parse(text, "/data");
  if (!parsed.ok) return parsed;
  return { ok: true, candidate: { attributes, data: parsed.value, text: text.trim() } };
}

function parse(text: string, under = ""): { ok: true; value: JsonValue } | { ok: false; refusal: Refusal } {
  try {
    return { ok: true, value: parseExactJson(text) };
  } catch (error) {
    if (error instanceof ExactJsonError) return jsonRefusal(error, under);
    throw error;
  }
}
