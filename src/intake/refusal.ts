import { type ExactJsonError } from "../contract/exact-json.ts";
import type { IntakeErrorCode } from "./errors.ts";

/** Why an event was not taken: what an RFC 9457 problem says. Values of personal fields are never in it. */
export interface Refusal {
  readonly status: number;
  /** Stable, from this concept or the one that judged. */
  readonly code: string;
  /** What failed, with which value. */
  readonly detail: string;
  /** JSON pointer into the event (`/time`, `/data/lines/0/item`); "" is the whole. */
  readonly pointer?: string;
  /** All places that are wrong, when more than one is known. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

export function refuse(
  status: number,
  code: IntakeErrorCode,
  detail: string,
  pointer?: string,
): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: { status, code, detail, ...(pointer !== undefined && { pointer }) } };
}

/** @param under where in the event the text stood that was read */
export function jsonRefusal(error: ExactJsonError, under = ""): { ok: false; refusal: Refusal } {
  const status = error.code === "JSON_TOO_LARGE" ? 413 : error.code === "JSON_SYNTAX" ? 400 : 422;
  return {
    ok: false,
    refusal: { status, code: error.code, detail: error.message, pointer: under + error.pointer },
  };
}
