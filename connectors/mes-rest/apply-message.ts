import type { Answer, Evidence, OutgoingEffect, ProbeAnswer, ToNative } from "../../src/connector/index.ts";
import type { Client } from "./client.ts";
import type { Dialect } from "./config.ts";
import { textOf } from "./exact-json.ts";
import { callOf, type NativeCall } from "./native-call.ts";
import { valueAt } from "./pointer.ts";

/**
 * Every effect is a message to the plant, whatever it asks. It is applied when the MES has taken it: what the plant makes
 * of it comes as an event.
 */
export async function applyMessage(
  client: Client,
  toNative: ToNative | undefined,
  effect: OutgoingEffect,
  signal: AbortSignal,
): Promise<Answer> {
  const call = await callOf(toNative, client.dialect, effect);
  if ("class" in call) return call;
  const { traceparent, beforeWrite } = effect;
  const reply = await client.write({ ...call, traceparent, beforeWrite }, signal);
  if (!reply.ok) return reply.failure;
  return {
    class: "applied",
    evidence: evidenceOf(client.dialect, call, reply.body),
    status: String(reply.status),
  };
}

/** Looks the message up in the MES's log by its reference, and compares what stands there with what would be sent. */
export async function probeMessage(
  client: Client,
  toNative: ToNative | undefined,
  effect: OutgoingEffect,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const { dialect } = client;
  const path = dialect.messagesPath.replace("{reference}", encodeURIComponent(effect.reference));
  const reply = await client.read(path, signal);
  if (!reply.ok) return reply.failure;
  const messages = valueAt(reply.body, dialect.messages);
  if (!Array.isArray(messages))
    return { class: "retry", why: "a look into the log of messages was not answered with a list" };
  const [message, ...others] = messages as unknown[];
  if (message === undefined) return { class: "absent" };
  const evidence = { message: textOf(valueAt(message, dialect.entry)) ?? effect.reference };
  if (others.length > 0)
    return { class: "different", difference: `the reference is on ${messages.length} messages`, evidence };
  const call = await callOf(toNative, dialect, effect);
  // What is there cannot be compared until the mapping works again.
  if ("class" in call) return { class: "retry", why: call.reason };
  const difference = firstDifference(valueAt(message, dialect.content), call.body, "");
  return difference === undefined
    ? { class: "applied", evidence }
    : { class: "different", difference: difference.slice(0, 400), evidence };
}

function evidenceOf(dialect: Dialect, { method, path }: NativeCall, body: unknown): Evidence {
  const found = {
    document: textOf(valueAt(body, dialect.document)),
    message: textOf(valueAt(body, dialect.receipt)),
    call: `${method} ${path}`.slice(0, 400),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as Evidence;
}

/** Numbers are compared by their value: 12.50 is 12.5. */
function firstDifference(held: unknown, wanted: unknown, at: string): string | undefined {
  const [has, wants] = [leafOf(held), leafOf(wanted)];
  if (has !== undefined || wants !== undefined)
    return has === wants
      ? undefined
      : `${at || "the body"} is ${has ?? shape(held)}, wanted ${wants ?? shape(wanted)}`;
  for (const name of new Set([...keysOf(held), ...keysOf(wanted)])) {
    const difference = firstDifference(childOf(held, name), childOf(wanted, name), `${at}/${name}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** The text that compares a value which has no parts; undefined: it has. */
function leafOf(value: unknown): string | undefined {
  if (value === undefined) return "missing";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 120));
  const number = textOf(value);
  if (number !== undefined) return plainNumber(number);
  return typeof value === "object" && value !== null ? undefined : String(value);
}

function plainNumber(text: string): string {
  return /^-?\d+\.\d*$/.test(text) ? text.replace(/\.?0+$/, "") : text;
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

function childOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function shape(value: unknown): string {
  return Array.isArray(value) ? "a list" : "an object";
}
