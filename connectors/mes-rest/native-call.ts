import type { Answer, OutgoingEffect, ToNative } from "../../src/connector/index.ts";
import type { Dialect } from "./config.ts";
import { withValueAt } from "./pointer.ts";

/** What an effect's mapping gives: the whole call, as this vendor wants it. */
export type NativeCall = {
  readonly method: "POST" | "PUT" | "PATCH";
  readonly path: string;
  readonly body: Record<string, unknown>;
};

type Refused = Extract<Answer, { class: "reject" }>;

const METHODS = ["POST", "PUT", "PATCH"];

/** The call that makes an effect, with its reference in the place the dialect names. */
export async function callOf(
  toNative: ToNative | undefined,
  { reference: place }: Dialect,
  { type, payload, reference }: OutgoingEffect,
): Promise<NativeCall | Refused> {
  // Of every effect this connector knows major 1.
  const effect = type.replace(/\.v1$/, "");
  if (!toNative) return refuse("MES_MAPPING_INVALID", `no mapping puts ${effect} into this MES's words`);
  const native = await toNative(effect, payload);
  if (!native.ok) return refuse(native.code, native.message);
  if (isCall(native.content))
    return { ...native.content, body: withValueAt(native.content.body, place, reference) };
  return refuse(
    "MES_MAPPING_INVALID",
    `the mapping of ${effect} gives no {method, path, body} with POST, PUT or PATCH and a path that begins with /`,
  );
}

function refuse(code: string, reason: string): Refused {
  return { class: "reject", code, reason: reason.slice(0, 1000) };
}

function isCall(value: unknown): value is NativeCall {
  const { method, path, body } = (value ?? {}) as Partial<Record<keyof NativeCall, unknown>>;
  return (
    METHODS.includes(String(method)) &&
    typeof path === "string" &&
    /^\/[\x21-\x7e]*$/.test(path) &&
    typeof body === "object" &&
    body !== null &&
    !Array.isArray(body)
  );
}
