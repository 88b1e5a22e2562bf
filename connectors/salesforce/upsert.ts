import type { Answer } from "../../src/connector/index.ts";
import type { Reply } from "./client.ts";

/** 201 created, 200 changed, and 204 without a body, as older versions answer a change: all of them are done. */
export function upsertAnswer({ body }: Extract<Reply, { ok: true }>, object: string, key: string): Answer {
  const { id } = (body ?? {}) as { id?: unknown };
  return { class: "applied", evidence: { object, key, ...(typeof id === "string" ? { record: id } : {}) } };
}
