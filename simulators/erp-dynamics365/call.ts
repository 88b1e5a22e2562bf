import { randomUUID } from "node:crypto";

/** Who does it, in which request, changeset, message or screen, and the reference the caller gave for it. */
export type Call = {
  unit: string;
  actor: "api" | "clerk" | "system" | "hand";
  who: string;
  reference: string;
};

export function newCall(actor: Call["actor"], who: string, reference = ""): Call {
  return { unit: randomUUID(), actor, who, reference };
}
