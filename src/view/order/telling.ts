import type { LedgerEvent } from "../../event/envelope.ts";
import type { Part } from "./part.ts";

/** What an event adds to one object's part. */
export interface Telling {
  readonly kind: string;
  readonly id: string;
  readonly tell: (part: Part) => void;
}

/** By the event's name. */
export type Tellings = Readonly<Record<string, (event: LedgerEvent) => readonly Telling[]>>;

/** The kind of an object says which of a part's fields there are. */
export function telling<Of extends object>(kind: string, id: string, tell: (part: Of) => void): Telling {
  return { kind, id, tell: tell as (part: object) => void };
}
