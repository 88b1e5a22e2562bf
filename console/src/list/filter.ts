import { wordsOf } from "../state/tone.ts";

/** One thing a list can be narrowed by. Its value stands in the address under `name`, and goes to the API under the same. */
export type Filter = ChoiceFilter | TextFilter;

export interface ChoiceFilter {
  readonly kind: "choice";
  readonly name: string;
  readonly label: string;
  readonly options: readonly Option[];
  /** In force while the address says nothing; `any` in the address lifts it. */
  readonly unlessTold?: string;
}

export interface TextFilter {
  readonly kind: "text";
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

const ANY = "any";

export function choice(
  name: string,
  label: string,
  options: readonly (Option | string)[],
  unlessTold?: string,
): ChoiceFilter {
  const whole = options.map((each) =>
    typeof each === "string" ? { value: each, label: wordsOf(each) } : each,
  );
  return { kind: "choice", name, label, options: whole, ...(unlessTold !== undefined && { unlessTold }) };
}

export function textFilter(name: string, label: string, hint?: string): TextFilter {
  return { kind: "text", name, label, ...(hint !== undefined && { hint }) };
}

/** What the API is asked for, from what stands in the address. */
export function askedOf(
  filters: readonly Filter[],
  search: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    filters.flatMap((filter) => {
      const value = valueOf(filter, search);
      return value === undefined ? [] : [[filter.name, value]];
    }),
  );
}

export function valueOf(filter: Filter, search: Readonly<Record<string, string>>): string | undefined {
  const told = search[filter.name] ?? (filter.kind === "choice" ? filter.unlessTold : undefined);
  return told === ANY ? undefined : told;
}

/** What to write into the address for a value, undefined being every one. */
export function writtenAs(filter: Filter, value: string | undefined): string | undefined {
  const standing = filter.kind === "choice" ? filter.unlessTold : undefined;
  if (value === standing) return undefined;
  return value ?? (standing === undefined ? undefined : ANY);
}
