import { Refusal } from "./refusal.ts";

export type Token = {
  readonly kind: "word" | "string" | "number" | "date" | "datetime" | "sign" | "end";
  readonly text: string;
  /** Where it begins in the query. */
  readonly at: number;
};

const SPACE = /\s+/y;
const PATTERNS: [kind: Token["kind"], pattern: RegExp][] = [
  ["datetime", /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:?\d\d)/y],
  ["date", /\d{4}-\d\d-\d\d/y],
  ["number", /[+-]?\d+(?:\.\d+)?/y],
  ["word", /[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*/y],
  ["string", /'(?:[^'\\]|\\.)*'/y],
  ["sign", /<=|>=|!=|<>|[=<>(),]/y],
];

export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    SPACE.lastIndex = at;
    if (SPACE.test(query)) {
      at = SPACE.lastIndex;
      continue;
    }
    const token = tokenAt(query, at);
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: "end", text: "<EOF>", at: query.length });
  return tokens;
}

function tokenAt(query: string, at: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const [text] = pattern.exec(query) ?? [];
    if (text !== undefined) return { kind, text, at };
  }
  throw malformed(query, at, `unexpected token: '${query[at]}'`);
}

/** The product shows the query with a mark under the place, and says row and column. */
export function malformed(query: string, at: number, reason: string, code = "MALFORMED_QUERY"): Refusal {
  const start = Math.max(0, at - 40);
  const shown = query.slice(start, at + 40).replaceAll(/\s/g, " ");
  const before = query.slice(0, at).split("\n");
  const place = `ERROR at Row:${before.length}:Column:${before.at(-1)!.length + 1}`;
  return new Refusal(400, code, `\n${shown}\n${" ".repeat(at - start)}^\n${place}\n${reason}`);
}
