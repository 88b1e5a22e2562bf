import { exact, type Exact } from "./decimal.ts";
import { isExact, isObject } from "./exact-json.ts";
import { refuse } from "./refusal.ts";

const TEXT_LIMIT = 250;
const LIST_LIMIT = 200;
const LARGEST = exact("1e9");

/** Reads the members of a request, and names the one that is missing or of the wrong kind. */
export class RequestReader {
  readonly #body: Record<string, unknown>;
  readonly #path: string;

  constructor(body: Record<string, unknown>, path = "") {
    this.#body = body;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#value(name) !== undefined;
  }

  field(name: string): string {
    return `${this.#path}${name}`;
  }

  text(name: string, otherwise?: string): string {
    const value = this.#value(name);
    if (value === undefined) return otherwise ?? this.#missing(name);
    if (typeof value !== "string") refuse("WrongKind", `${this.field(name)} must be text`, this.field(name));
    if (value.length > TEXT_LIMIT)
      refuse("TooLong", `${this.field(name)} has more than ${TEXT_LIMIT} characters`, this.field(name));
    if (value.includes("\u001f"))
      refuse("WrongCharacter", `${this.field(name)} holds a control character`, this.field(name));
    if (value === "" && otherwise === undefined) return this.#missing(name);
    return value;
  }

  /** A quantity, an amount or a number of hours; a number, or a text that is one. */
  decimal(name: string, otherwise?: string): Exact {
    const value = this.#value(name);
    if (value === undefined) return otherwise === undefined ? this.#missing(name) : exact(otherwise);
    const number = isExact(value)
      ? exact(value)
      : typeof value === "string" && /^-?\d{1,15}(\.\d{1,12})?$/.test(value)
        ? exact(value)
        : refuse("WrongKind", `${this.field(name)} must be a number`, this.field(name));
    if (number.abs().gt(LARGEST) || number.decimalPlaces() > 6)
      refuse("OutOfRange", `${this.field(name)} is outside of what is kept here`, this.field(name));
    return number;
  }

  positive(name: string, otherwise?: string): Exact {
    const number = this.decimal(name, otherwise);
    if (number.lte(0))
      refuse("NotPositive", `${this.field(name)} must be greater than zero`, this.field(name));
    return number;
  }

  int(name: string, otherwise?: number): number {
    const number = this.decimal(name, otherwise === undefined ? undefined : String(otherwise));
    if (!number.isInteger())
      refuse("WrongKind", `${this.field(name)} must be a whole number`, this.field(name));
    return number.toNumber();
  }

  /** A day; of a time its day. */
  date(name: string, otherwise?: string): string {
    const text = this.text(name, otherwise);
    if (text === otherwise) return text;
    const day = readDay(text);
    if (day === undefined)
      refuse("WrongKind", `${this.field(name)} must be a date such as 2026-03-02`, this.field(name));
    return day;
  }

  flag(name: string, otherwise: boolean): boolean {
    return this.choice(name, ["Yes", "No"], otherwise ? "Yes" : "No") === "Yes";
  }

  choice<const T extends string>(name: string, choices: readonly T[], otherwise?: T): T {
    const text = this.text(name, otherwise);
    const found = choices.find((choice) => choice === text);
    if (found === undefined)
      refuse(
        "UnknownValue",
        `${this.field(name)} ${text} is none of ${choices.join(", ")}`,
        this.field(name),
      );
    return found;
  }

  list(name: string): RequestReader[] {
    const value = this.#value(name);
    if (value === undefined) return this.#missing(name);
    if (!Array.isArray(value) || value.length === 0 || value.length > LIST_LIMIT)
      refuse("WrongKind", `${this.field(name)} must be a list of 1 to ${LIST_LIMIT}`, this.field(name));
    return value.map((item: unknown, index) => {
      const path = `${this.field(name)}[${index}]`;
      if (!isObject(item)) refuse("WrongKind", `${path} must be an object`, path);
      return new RequestReader(item, `${path}.`);
    });
  }

  #value(name: string): unknown {
    const value = Object.hasOwn(this.#body, name) ? this.#body[name] : undefined;
    return value === null ? undefined : value;
  }

  #missing(name: string): never {
    return refuse("Missing", `${this.field(name)} is mandatory and must be specified`, this.field(name));
  }
}

/** The day of a date or a time; empty for the product's empty date; undefined for what is neither. */
export function readDay(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d(T[\d:.]{5,12}(Z|[+-]\d\d:\d\d)?)?$/.test(text)) return undefined;
  const day = text.slice(0, 10);
  const time = Date.parse(`${day}T00:00:00Z`);
  if (!Number.isFinite(time) || new Date(time).toISOString().slice(0, 10) !== day) return undefined;
  return day === "1900-01-01" ? "" : day;
}
