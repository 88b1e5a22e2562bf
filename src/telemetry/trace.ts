/** W3C trace context: the thread that ties a sender's request to the effects it led to. */
import { randomBytes } from "node:crypto";

import { isSpanContextValid, type SpanContext, TraceFlags } from "@opentelemetry/api";

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads a `traceparent` header. A later version may carry more fields, which are left out; version ff and the version 00
 * with more fields do not exist, and all zeros name nothing: those are undefined, as is anything else.
 */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  const match = TRACEPARENT.exec(text ?? "");
  if (!match) return undefined;
  const [version, traceId, spanId, flags, more] = match.slice(1) as [string, string, string, string, string?];
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined;
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED };
  return isSpanContextValid(context) ? context : undefined;
}

export function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

/** The next step of a trace: same trace, new span. Without a valid parent a new trace begins. */
export function childTraceparent(parent: string | undefined): string {
  const above = parseTraceparent(parent);
  return formatTraceparent({
    traceId: above?.traceId ?? randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    traceFlags: above?.traceFlags ?? TraceFlags.NONE,
  });
}
