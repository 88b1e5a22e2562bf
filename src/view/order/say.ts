/** Who says what: the words of several systems on the same field, side by side. */
import { type LedgerEvent, systemOf } from "../../event/envelope.ts";
import { plain } from "./amount.ts";
import type { Said, Says } from "./part.ts";

type Value =
  | string
  | { readonly value: string; readonly unit: string }
  | { readonly amount: string; readonly currency: string };

interface Sayer {
  says?: Says;
}

/** Fields of lines are named with their line behind them: `quantity 10`. */
const OF_LINE = /^(item|quantity|unitPrice|requestedDate|promisedDate) ([0-9]+)$/;

export function say(
  part: Sayer,
  event: LedgerEvent,
  fields: Readonly<Record<string, Value | undefined>>,
): void {
  const system = systemOf(event.source);
  if (system === undefined) return;
  part.says ??= {};
  for (const [field, value] of Object.entries(fields))
    if (value !== undefined) (part.says[field] ??= {})[system] = saidOf(value, event);
}

function saidOf(value: Value, { time, seq }: LedgerEvent): Said {
  if (typeof value === "string") return { value, at: time, seq };
  if ("unit" in value) return { value: value.value, unit: value.unit, at: time, seq };
  return { value: value.amount, unit: value.currency, at: time, seq };
}

interface SaidLine {
  readonly line: number;
  readonly item?: string | undefined;
  readonly quantity?: Value | undefined;
  readonly unitPrice?: Value | undefined;
  readonly requestedDate?: string | undefined;
  readonly promisedDate?: string | undefined;
}

export function sayLines(part: Sayer, event: LedgerEvent, lines: readonly SaidLine[]): void {
  for (const { line, item, quantity, unitPrice, requestedDate, promisedDate } of lines)
    say(part, event, {
      [`item ${line}`]: item,
      [`quantity ${line}`]: quantity,
      [`unitPrice ${line}`]: unitPrice,
      [`requestedDate ${line}`]: requestedDate,
      [`promisedDate ${line}`]: promisedDate,
    });
}

/** A system that tells all its lines again says nothing any more of those it leaves out. */
export function forgetLines(part: Sayer, event: LedgerEvent): void {
  forget(part, event, (field) => OF_LINE.test(field));
}

export function forgetLine(part: Sayer, event: LedgerEvent, line: number): void {
  forget(part, event, (field) => OF_LINE.exec(field)?.[2] === String(line));
}

function forget({ says = {} }: Sayer, { source }: LedgerEvent, which: (field: string) => boolean): void {
  const system = systemOf(source);
  if (system === undefined) return;
  for (const [field, words] of Object.entries(says)) {
    if (!which(field)) continue;
    delete words[system];
    if (Object.keys(words).length === 0) delete says[field];
  }
}

export interface FieldSaid {
  readonly field: string;
  readonly words: readonly (Said & { readonly system: string })[];
  /** Since when they differ; absent: they agree, or one alone says it. */
  readonly differsSince?: string;
}

/** In the order of the alphabet, whatever came first. */
export function sideBySide(says: Says): FieldSaid[] {
  return Object.keys(says)
    .toSorted()
    .map((field) => {
      const words = Object.entries(says[field]!)
        .map(([system, said]) => ({ system, ...said }))
        .toSorted((a, b) => (a.system < b.system ? -1 : 1));
      const differ = new Set(words.map(({ value, unit = "" }) => `${plain(value)} ${unit}`)).size > 1;
      const last = words.map(({ at }) => at).reduce((a, b) => (a > b ? a : b), "");
      return { field, words, ...(differ && { differsSince: last }) };
    });
}
