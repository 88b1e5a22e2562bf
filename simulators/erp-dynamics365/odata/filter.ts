import { exact } from "../decimal.ts";
import { refuse } from "../refusal.ts";
import { readDay } from "../request-reader.ts";
import type { FieldKind, Fields } from "../store/table.ts";

type Operator = "eq" | "ne" | "gt" | "ge" | "lt" | "le";
export type Comparison = { field: string; operator: Operator; value: string };
export type Filter =
  | { kind: "compare"; comparison: Comparison }
  | { kind: "and" | "or"; left: Filter; right: Filter }
  | { kind: "not"; inner: Filter };

const TOKEN = /\s*(?:(\()|(\))|(?:[A-Za-z][\w.]*)?'((?:[^']|'')*)'|(-?\d[\w:.+-]*)|([A-Za-z_][\w./]*)(\()?)/y;
const OPERATORS: readonly string[] = ["eq", "ne", "gt", "ge", "lt", "le"];
const LENGTH_LIMIT = 4000;
const DEPTH_LIMIT = 50;

type Token = { type: "(" | ")" | "word" | "value"; text: string };

/** Parses the part of $filter that is served here; anything else is refused by its name. */
export function parseFilter(text: string, fields: Fields): Filter {
  if (text.length > LENGTH_LIMIT) refuse("InvalidFilter", `$filter has more than ${LENGTH_LIMIT} characters`);
  const tokens = tokenize(text);
  let position = 0;
  let depth = 0;

  function peek(word: string): boolean {
    const token = tokens[position];
    return token?.type === "word" && token.text === word;
  }

  function either(): Filter {
    let left = both();
    while (peek("or")) {
      position++;
      left = { kind: "or", left, right: both() };
    }
    return left;
  }

  function both(): Filter {
    let left = unary();
    while (peek("and")) {
      position++;
      left = { kind: "and", left, right: unary() };
    }
    return left;
  }

  function unary(): Filter {
    if (++depth > DEPTH_LIMIT) refuse("InvalidFilter", "$filter is nested too deeply");
    try {
      if (peek("not")) {
        position++;
        return { kind: "not", inner: unary() };
      }
      if (tokens[position]?.type === "(") {
        position++;
        const inner = either();
        if (tokens[position++]?.type !== ")") syntax("a closing parenthesis is missing");
        return inner;
      }
      return compare();
    } finally {
      depth--;
    }
  }

  function compare(): Filter {
    const field = tokens[position++];
    if (field?.type !== "word") syntax("a field name is missing");
    const kind = Object.hasOwn(fields, field.text) ? fields[field.text] : undefined;
    if (kind === undefined)
      refuse("UnknownField", `Could not find a property named '${field.text}'`, field.text);
    const operator = tokens[position++]?.text ?? "";
    if (!OPERATORS.includes(operator)) syntax(`'${operator}' is not an operator that is served here`);
    const value = tokens[position++];
    if (value?.type !== "value") syntax(`the value that ${field.text} is compared with is missing`);
    const comparison = { field: field.text, operator: operator as Operator, value: value.text };
    checkComparison(comparison, kind);
    return { kind: "compare", comparison };
  }

  const filter = either();
  if (position < tokens.length) syntax(`'${tokens[position]?.text}' is not expected`);
  return filter;
}

export function matches(filter: Filter, fields: Fields, row: Readonly<Record<string, unknown>>): boolean {
  switch (filter.kind) {
    case "and":
      return matches(filter.left, fields, row) && matches(filter.right, fields, row);
    case "or":
      return matches(filter.left, fields, row) || matches(filter.right, fields, row);
    case "not":
      return !matches(filter.inner, fields, row);
    case "compare": {
      const { field, operator, value } = filter.comparison;
      const kind = fields[field] ?? "text";
      const actual = String(row[field]);
      if (kind === "text" && value.includes("*") && (operator === "eq" || operator === "ne"))
        return like(actual, value) === (operator === "eq");
      return holds(operator, compareValues(kind, actual, value));
    }
  }
}

/** What every row must meet: the parts that are joined by nothing but `and`. */
export function conjuncts(filter: Filter | undefined): Filter[] {
  if (filter === undefined) return [];
  return filter.kind === "and" ? [...conjuncts(filter.left), ...conjuncts(filter.right)] : [filter];
}

/** Those of them that are single comparisons. */
export function necessary(filter: Filter | undefined): Comparison[] {
  return conjuncts(filter).flatMap((part) => (part.kind === "compare" ? [part.comparison] : []));
}

/** The values of which a field must have one: `(f eq 'a' or f eq 'b')`; undefined where the filter says anything else. */
export function alternatives(filter: Filter, field: string): readonly string[] | undefined {
  if (filter.kind === "or") {
    const [left, right] = [alternatives(filter.left, field), alternatives(filter.right, field)];
    return left && right && [...left, ...right];
  }
  if (filter.kind !== "compare") return undefined;
  const { comparison } = filter;
  const exactly =
    comparison.field === field && comparison.operator === "eq" && !comparison.value.includes("*");
  return exactly ? [comparison.value] : undefined;
}

export function compareValues(kind: FieldKind, a: string, b: string): number {
  if (kind === "decimal" || kind === "int") return exact(a).comparedTo(b);
  if (kind === "date") return order(dayOf(a), dayOf(b));
  if (kind === "time") return order(timeOf(a), timeOf(b));
  return order(a, b);
}

function order<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function holds(operator: Operator, compared: number): boolean {
  switch (operator) {
    case "eq":
      return compared === 0;
    case "ne":
      return compared !== 0;
    case "gt":
      return compared > 0;
    case "ge":
      return compared >= 0;
    case "lt":
      return compared < 0;
    case "le":
      return compared <= 0;
  }
}

function checkComparison({ field, operator, value }: Comparison, kind: FieldKind): void {
  const fits =
    kind === "decimal" || kind === "int"
      ? /^-?\d{1,15}(\.\d{1,12})?$/.test(value)
      : kind === "date"
        ? readDay(value) !== undefined
        : kind === "time"
          ? Number.isFinite(Date.parse(value))
          : true;
  if (!fits) refuse("InvalidFilter", `'${value}' is not a value that ${field} can be compared with`, field);
  if (kind === "yesno" && operator !== "eq" && operator !== "ne")
    refuse("InvalidFilter", `${field} can only be compared with eq and ne`, field);
}

/** The product writes "contains" as a text with stars. */
function like(actual: string, pattern: string): boolean {
  const parts = pattern.split("*");
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (!actual.startsWith(first) || !actual.endsWith(last) || actual.length < first.length + last.length)
    return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = actual.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= actual.length - last.length;
}

function dayOf(text: string): string {
  return text === "" ? "1900-01-01" : text.slice(0, 10);
}

function timeOf(text: string): number {
  return Date.parse(text === "" ? "1900-01-01T00:00:00Z" : text);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== "") {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) syntax(`'${text.slice(from, from + 20)}' is not understood`);
    const [, opening, closing, quoted, literal, word, call] = found;
    const joins = word === "and" || word === "or" || word === "not";
    if (call !== undefined && !joins) syntax(`the function '${word}' is not served here`);
    if (opening !== undefined) tokens.push({ type: "(", text: "(" });
    else if (closing !== undefined) tokens.push({ type: ")", text: ")" });
    else if (quoted !== undefined) tokens.push({ type: "value", text: quoted.replaceAll("''", "'") });
    else if (literal !== undefined) tokens.push({ type: "value", text: literal });
    else tokens.push({ type: "word", text: word ?? "" });
    if (call !== undefined) tokens.push({ type: "(", text: "(" });
  }
  return tokens;
}

function syntax(what: string): never {
  return refuse("InvalidFilter", `Invalid $filter: ${what}`);
}
