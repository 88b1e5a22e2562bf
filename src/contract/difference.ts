/*
 * What differs between two versions of a contract, in words, and what that means for those who tell and those who read.
 *
 * A change that admits less breaks who tells (what was valid is refused now); one that admits more breaks who reads (what
 * comes now was never there before). Everything is judged by what a document may look like, not by how the schema says it.
 */
import type { AnySchemaObject } from "ajv/dist/2020.js";
import { appendPointer } from "./pointer.ts";
import type { Contract } from "./registry.ts";
import type { SchemaLibrary } from "./validator.ts";

/** narrower: what was valid may be refused now. wider: what was refused may come now. both: neither contains the other. */
export type Reach = "narrower" | "wider" | "both" | "words";

export interface ContractChange {
  /** Where in a document: `/lines/*` is each line. */
  readonly pointer: string;
  readonly reach: Reach;
  /** A sentence without its subject: `is required now`. */
  readonly message: string;
}

/**
 * same: not a word about documents changed. backward: every older document is still valid, so readers of the new one take both.
 * forward: every newer document would have been valid before, so older readers go on. breaking: neither.
 */
export type Compatibility = "same" | "backward" | "forward" | "breaking";

export interface ContractDifference {
  readonly compatibility: Compatibility;
  readonly changes: readonly ContractChange[];
}

export function contractDifference(
  older: Contract,
  newer: Contract,
  library: SchemaLibrary,
): ContractDifference {
  const before = placesOf(older, library);
  const now = placesOf(newer, library);
  const changes = [...new Set([...before.keys(), ...now.keys()])]
    .toSorted()
    .flatMap((pointer) => changesAt(pointer, before, now));
  return { compatibility: compatibilityOf(changes), changes };
}

function compatibilityOf(changes: readonly ContractChange[]): Compatibility {
  const narrower = changes.some(({ reach }) => reach === "narrower" || reach === "both");
  const wider = changes.some(({ reach }) => reach === "wider" || reach === "both");
  if (narrower) return wider ? "breaking" : "forward";
  return wider ? "backward" : "same";
}

/** What the schema says of one place of a document, with what it refers to filled in. */
interface Place {
  readonly node: Readonly<Record<string, unknown>>;
  readonly required: boolean;
}

function placesOf({ schema }: Contract, library: SchemaLibrary): Map<string, Place> {
  const places = new Map<string, Place>();
  const visit = (given: unknown, base: string, pointer: string, required: boolean, within: Set<string>) => {
    const found = resolve(given, base, library);
    if (!found || within.has(found.at)) return;
    const { node, base: at } = found;
    const inside = new Set([...within, found.at]);
    places.set(pointer, { node: { ...places.get(pointer)?.node, ...node }, required });
    const names = (node["required"] as readonly string[] | undefined) ?? [];
    for (const [name, child] of Object.entries((node["properties"] as object | undefined) ?? {}))
      visit(child, at, appendPointer(pointer, name), names.includes(name), inside);
    if (node["items"] !== undefined) visit(node["items"], at, `${pointer}/*`, true, inside);
    for (const branch of (node["allOf"] as readonly unknown[] | undefined) ?? [])
      visit(branch, at, pointer, required, within);
  };
  visit(schema, String(schema["$id"]), "", true, new Set());
  return places;
}

/** Follows `$ref`; words beside it, such as a description of the use, stand before those of what is referred to. */
function resolve(given: unknown, base: string, library: SchemaLibrary) {
  let node = given as AnySchemaObject;
  let at = base;
  for (let depth = 0; typeof node === "object" && node !== null; depth++) {
    const { $ref, ...beside } = node as { $ref?: string } & AnySchemaObject;
    if ($ref === undefined || depth > 20) return { node, base: at, at: `${at} ${JSON.stringify(node)}` };
    const url = new URL($ref, at);
    const [file = ""] = url.href.split("#", 1);
    const pointer = decodeURIComponent(url.hash.slice(1));
    const target = pointer
      .split("/")
      .slice(1)
      .reduce<unknown>((inner, key) => (inner as AnySchemaObject | undefined)?.[key], library.get(file));
    at = file;
    node = { ...(target as AnySchemaObject), ...beside };
  }
  return undefined;
}

function changesAt(
  pointer: string,
  before: ReadonlyMap<string, Place>,
  now: ReadonlyMap<string, Place>,
): ContractChange[] {
  const change = (reach: Reach, message: string): ContractChange => ({ pointer, reach, message });
  const [was, is] = [before.get(pointer), now.get(pointer)];
  // What lies inside of a field that came or went is told with the field.
  const parent = pointer.slice(0, pointer.lastIndexOf("/"));
  if (!was) {
    if (!before.has(parent)) return [];
    return [
      is!.required ? change("both", "is new, and required") : change("wider", "is new, and may be left out"),
    ];
  }
  if (!is) {
    if (!now.has(parent)) return [];
    return [change(was.required ? "both" : "narrower", "is gone: a document that has it is refused")];
  }
  const changes: ContractChange[] = [];
  if (was.required !== is.required)
    changes.push(
      is.required ? change("narrower", "is required now") : change("wider", "may be left out now"),
    );
  for (const [keyword, judge] of Object.entries(JUDGES)) {
    const [older, newer] = [was.node[keyword], is.node[keyword]];
    if (JSON.stringify(older) === JSON.stringify(newer)) continue;
    changes.push(change(...judge(older, newer, keyword)));
  }
  return changes;
}

type Judge = (was: unknown, is: unknown, keyword: string) => [Reach, string];

/** A least value: more of it admits less. Absent: no limit. */
const least: Judge = (was, is, keyword) => [
  (is as number | undefined) === undefined || Number(is) < Number(was ?? -Infinity) ? "wider" : "narrower",
  `${keyword} is ${said(is)}, was ${said(was)}`,
];
const most: Judge = (was, is, keyword) => [
  (is as number | undefined) === undefined || Number(is) > Number(was ?? Infinity) ? "wider" : "narrower",
  `${keyword} is ${said(is)}, was ${said(was)}`,
];
/** Present, it forbids; how two texts of it compare nobody can say. */
const restriction: Judge = (was, is, keyword) => [
  was === undefined ? "narrower" : is === undefined ? "wider" : "both",
  `${keyword} is ${said(is)}, was ${said(was)}`,
];
const words: Judge = (was, is, keyword) => ["words", `${keyword} is ${said(is)}, was ${said(was)}`];

const oneOfSet =
  (noun: string): Judge =>
  (was, is) => {
    const [before, now] = [listOf(was), listOf(is)];
    if (was === undefined) return ["narrower", `only ${now.join(", ")} may be said now`];
    if (is === undefined) return ["wider", `any ${noun} may be said, not only ${before.join(", ")}`];
    const added = now.filter((each) => !before.includes(each));
    const gone = before.filter((each) => !now.includes(each));
    const told = [
      ...(added.length > 0 ? [`${added.join(", ")} may be said now`] : []),
      ...(gone.length > 0 ? [`${gone.join(", ")} may not be said any more`] : []),
    ];
    const reach = added.length === 0 ? (gone.length === 0 ? "words" : "narrower") : "wider";
    return [
      added.length > 0 && gone.length > 0 ? "both" : reach,
      told.join("; ") || "stands in another order",
    ];
  };

/** Only keywords that say what a document may look like, and the words people read; structure is compared by its places. */
const JUDGES: Readonly<Record<string, Judge>> = {
  type: oneOfSet("kind of value"),
  enum: oneOfSet("value"),
  const: restriction,
  minLength: least,
  maxLength: most,
  minimum: least,
  maximum: most,
  exclusiveMinimum: least,
  exclusiveMaximum: most,
  minItems: least,
  maxItems: most,
  minProperties: least,
  maxProperties: most,
  uniqueItems: restriction,
  multipleOf: restriction,
  pattern: restriction,
  format: restriction,
  additionalProperties: (was, is) => {
    if (is === false) return ["narrower", "fields that are not named are refused now"];
    return [was === false ? "wider" : "both", "fields that are not named may come now"];
  },
  anyOf: restriction,
  oneOf: restriction,
  not: restriction,
  if: restriction,
  then: restriction,
  else: restriction,
  "x-owner": words,
  "x-person": words,
  "x-personal": words,
  description: words,
};

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((each) =>
    typeof each === "string" ? each : JSON.stringify(each),
  );
}

const SHOWN = 120;

function said(value: unknown): string {
  if (value === undefined) return "not set";
  const text = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
