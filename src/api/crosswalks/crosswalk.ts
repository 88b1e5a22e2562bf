import { type Static, Type } from "typebox";

import { nullable, oneOf, TIME } from "../schema.ts";

export const VALUE = {
  system: Type.String({
    pattern: "^([*]|[A-Za-z0-9][A-Za-z0-9._-]{0,59})$",
    description: "The system whose value it is; * for every system that has no row of its own.",
  }),
  kind: Type.String({
    pattern: "^[a-z][A-Za-z0-9-]{0,59}$",
    description: "item, unit, status, location, reason",
  }),
  native: Type.String({
    minLength: 1,
    maxLength: 200,
    pattern: "^[^\\p{C}]+$",
    description: "What the system calls it.",
  }),
  canonical: Type.String({
    minLength: 1,
    maxLength: 200,
    pattern: "^[^+\\p{C}][^\\p{C}]*$",
    description: "What everybody calls it.",
  }),
};

export const ROW = Type.Object({
  system: Type.String(),
  kind: Type.String(),
  native: Type.String(),
  canonical: Type.String(),
  preferred: Type.Boolean({ description: "Of several native values with one meaning, the one to write." }),
  origin: oneOf(
    ["file", "entry"],
    "file: of the project's crosswalks, in git. entry: added since by a person.",
  ),
  actor: nullable(Type.String()),
  reason: nullable(Type.String()),
  addedAt: nullable(TIME),
});

export const TABLE = Type.Object({
  system: Type.String(),
  kind: Type.String(),
  rows: Type.Integer(),
  entries: Type.Integer({ description: "Of these, how many are not in a file yet." }),
});

export const UNMAPPED = Type.Object({
  system: Type.String(),
  kind: Type.String(),
  native: Type.String(),
  messages: Type.Integer({ description: "Quarantined messages that name it." }),
  behind: Type.Integer({ description: "Later messages of the same objects, which wait behind those." }),
  since: TIME,
  suggestions: Type.Array(Type.String(), {
    description: "What the same value means in other systems, where it is known there.",
  }),
});

export type RowAnswer = Static<typeof ROW>;
export type UnmappedRow = Omit<Static<typeof UNMAPPED>, "suggestions">;
