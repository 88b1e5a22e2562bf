import { malformed, tokenize, type Token } from "./soql-token.ts";

/** A name as written and where it stands, for the message when there is no such thing. */
export type Path = { readonly path: readonly string[]; readonly at: number };

export type Literal =
  | { readonly kind: "string" | "number" | "date" | "datetime"; readonly value: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null"; readonly value: null };

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=";

export type Condition =
  | { readonly op: "and" | "or"; readonly all: readonly Condition[] }
  | { readonly op: "not"; readonly of: Condition }
  | { readonly op: "compare"; readonly field: Path; readonly operator: Operator; readonly literal: Literal }
  | {
      readonly op: "in";
      readonly field: Path;
      readonly literals: readonly Literal[];
      readonly negated: boolean;
    };

export type Order = { readonly field: Path; readonly descending: boolean; readonly nullsLast: boolean };

export type Query = {
  readonly text: string;
  readonly fields: readonly Path[];
  readonly children: readonly Query[];
  readonly count: boolean;
  /** An object, or in a subquery a child relationship. */
  readonly from: Path;
  readonly where: Condition | undefined;
  readonly order: readonly Order[];
  readonly limit: number | undefined;
};

const QUERY_LIMIT_CHARS = 100_000;
const DEPTH_LIMIT = 50;

/** The part of SOQL that is served here; everything else is MALFORMED_QUERY with its position. */
export function parseSoql(text: string): Query {
  if (text.length > QUERY_LIMIT_CHARS)
    throw malformed(text.slice(0, 40), 0, `SOQL statements are limited to ${QUERY_LIMIT_CHARS} characters`);
  const parser = new Parser(text);
  const query = parser.query(false);
  parser.end();
  return query;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  query(inner: boolean): Query {
    this.#expect("SELECT");
    const fields: Path[] = [];
    const children: Query[] = [];
    let count = false;
    do {
      if (!inner && this.#peek.text === "(") {
        this.#take();
        children.push(this.query(true));
        this.#expect(")");
      } else if (!inner && fields.length === 0 && this.#isWord("COUNT") && this.#ahead.text === "(") {
        this.#take();
        this.#take();
        this.#expect(")");
        count = true;
      } else fields.push(this.#path());
    } while (!count && this.#accept(","));
    this.#expect("FROM");
    const from = this.#name();
    const where = this.#accept("WHERE") ? this.#condition() : undefined;
    const order = this.#accept("ORDER") ? this.#orders() : [];
    const limit = this.#accept("LIMIT") ? this.#integer() : undefined;
    return { text: this.#text, fields, children, count, from, where, order, limit };
  }

  end(): void {
    if (this.#peek.kind !== "end") throw this.#unexpected();
  }

  /** AND and OR do not mix without parentheses, as in the product. */
  #condition(): Condition {
    if (++this.#depth > DEPTH_LIMIT) throw malformed(this.#text, this.#peek.at, "too many nested conditions");
    const all = [this.#term()];
    const op = this.#isWord("OR") ? "or" : "and";
    while (this.#accept(op.toUpperCase())) all.push(this.#term());
    if (this.#isWord("AND") || this.#isWord("OR")) throw this.#unexpected();
    this.#depth--;
    return all.length === 1 ? all[0]! : { op, all };
  }

  #term(): Condition {
    if (this.#accept("NOT")) {
      if (++this.#depth > DEPTH_LIMIT)
        throw malformed(this.#text, this.#peek.at, "too many nested conditions");
      const of = this.#term();
      this.#depth--;
      return { op: "not", of };
    }
    if (this.#accept("(")) {
      const inner = this.#condition();
      this.#expect(")");
      return inner;
    }
    const field = this.#path();
    const negated = this.#accept("NOT");
    if (negated || this.#isWord("IN")) {
      this.#expect("IN");
      this.#expect("(");
      const literals = [this.#literal()];
      while (this.#accept(",")) literals.push(this.#literal());
      this.#expect(")");
      return { op: "in", field, literals, negated };
    }
    const sign = this.#peek.text === "<>" ? "!=" : this.#peek.text;
    if (!["=", "!=", "<", "<=", ">", ">="].includes(sign)) throw this.#unexpected();
    this.#take();
    return { op: "compare", field, operator: sign as Operator, literal: this.#literal() };
  }

  #literal(): Literal {
    const token = this.#take();
    if (token.kind === "string") return { kind: "string", value: unescape(token.text.slice(1, -1)) };
    if (token.kind === "number" || token.kind === "date" || token.kind === "datetime")
      return { kind: token.kind, value: token.text };
    const word = token.kind === "word" ? token.text.toLowerCase() : "";
    if (word === "true" || word === "false") return { kind: "boolean", value: word === "true" };
    if (word === "null") return { kind: "null", value: null };
    throw malformed(this.#text, token.at, `unexpected token: '${token.text}'`);
  }

  #orders(): Order[] {
    this.#expect("BY");
    const orders: Order[] = [];
    do {
      const field = this.#path();
      const descending = this.#accept("DESC");
      if (!descending) this.#accept("ASC");
      let nullsLast = false;
      if (this.#accept("NULLS")) {
        nullsLast = this.#accept("LAST");
        if (!nullsLast) this.#expect("FIRST");
      }
      orders.push({ field, descending, nullsLast });
    } while (this.#accept(","));
    return orders;
  }

  #integer(): number {
    const token = this.#take();
    if (!/^\d{1,9}$/.test(token.text))
      throw malformed(this.#text, token.at, `unexpected token: '${token.text}'`);
    return Number(token.text);
  }

  /** An object may be called Order. */
  #name(): Path {
    return this.#path(/^(?:SELECT|WHERE)$/i);
  }

  #path(reserved = RESERVED): Path {
    const token = this.#peek;
    if (token.kind !== "word" || reserved.test(token.text)) throw this.#unexpected();
    this.#take();
    return { path: token.text.split("."), at: token.at };
  }

  get #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  get #ahead(): Token {
    return this.#tokens[Math.min(this.#next + 1, this.#tokens.length - 1)]!;
  }

  #take(): Token {
    const token = this.#peek;
    if (token.kind !== "end") this.#next++;
    return token;
  }

  #isWord(word: string): boolean {
    return this.#peek.kind === "word" && this.#peek.text.toUpperCase() === word;
  }

  #accept(text: string): boolean {
    const found = this.#isWord(text) || (this.#peek.kind === "sign" && this.#peek.text === text);
    if (found) this.#next++;
    return found;
  }

  #expect(text: string): void {
    if (!this.#accept(text))
      throw malformed(this.#text, this.#peek.at, `expecting '${text}', found '${this.#peek.text}'`);
  }

  #unexpected() {
    return malformed(this.#text, this.#peek.at, `unexpected token: '${this.#peek.text}'`);
  }
}

const RESERVED = /^(?:SELECT|FROM|WHERE|AND|OR|NOT|IN|ORDER|BY|LIMIT|GROUP|HAVING|OFFSET|USING|WITH)$/i;

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_all, char: string) => ({ n: "\n", r: "\r", t: "\t" })[char] ?? char);
}
