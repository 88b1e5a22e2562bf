import { isObject } from "../exact-json.ts";
import { Refusal } from "../refusal.ts";

/** How a vendor writes an amount and a moment: what they give back is decimal text and epoch milliseconds. */
export type Forms = {
  decimal: (value: unknown) => string | undefined;
  moment: (value: unknown) => number | undefined;
  integer: (value: unknown) => number | undefined;
  /** Named in refusals: `a number`, `a number as text, such as "1,5"`. */
  words: { decimal: string; moment: string; integer: string };
};

/** Reads one object of a body field by field; what is wrong is refused with the field's place in the vendor's own names. */
export class Reader {
  readonly #body: Record<string, unknown>;
  readonly #forms: Forms;
  readonly #path: string;

  constructor(body: unknown, forms: Forms, path = "") {
    if (!isObject(body)) throw invalid(path || "(body)", "an object");
    this.#body = body;
    this.#forms = forms;
    this.#path = path;
  }

  has(name: string): boolean {
    const value = this.#body[name];
    return value !== undefined && value !== null && value !== "";
  }

  text(name: string, limit = 80): string {
    const value = this.#body[name];
    if (typeof value === "string" && value !== "" && value.length <= limit) return value;
    throw invalid(this.#at(name), `a text of 1 to ${limit} characters`);
  }

  optionalText(name: string, limit?: number): string | null {
    return this.has(name) ? this.text(name, limit) : null;
  }

  decimal(name: string): string {
    const value = this.#forms.decimal(this.#body[name]);
    if (value === undefined) throw invalid(this.#at(name), this.#forms.words.decimal);
    return value;
  }

  optionalDecimal(name: string): string | null {
    return this.has(name) ? this.decimal(name) : null;
  }

  positive(name: string): string {
    const value = this.decimal(name);
    if (value.startsWith("-") || /^[0.]*$/.test(value)) throw invalid(this.#at(name), "above zero");
    return value;
  }

  moment(name: string): number {
    const value = this.#forms.moment(this.#body[name]);
    if (value === undefined) throw invalid(this.#at(name), this.#forms.words.moment);
    return value;
  }

  integer(name: string): number {
    const value = this.#forms.integer(this.#body[name]);
    if (value === undefined) throw invalid(this.#at(name), this.#forms.words.integer);
    return value;
  }

  /** One of the vendor's own codes, as what it means. */
  code<Meaning extends string>(name: string, codes: Readonly<Record<string, Meaning>>): Meaning {
    const value = this.#body[name];
    if (typeof value === "string" && Object.hasOwn(codes, value)) return codes[value]!;
    throw invalid(this.#at(name), `one of ${Object.keys(codes).join(", ")}`);
  }

  flag(name: string): boolean {
    const value = this.#body[name] ?? false;
    if (typeof value !== "boolean") throw invalid(this.#at(name), "true or false");
    return value;
  }

  object(name: string): Reader {
    return new Reader(this.#body[name], this.#forms, this.#at(name));
  }

  /** An empty list when it is not there. */
  list<Item>(name: string, limit: number, read: (item: Reader) => Item): Item[] {
    const value = this.#body[name] ?? [];
    if (!Array.isArray(value) || value.length > limit)
      throw invalid(this.#at(name), `an array of at most ${limit}`);
    return value.map((item, n) => read(new Reader(item, this.#forms, `${this.#at(name)}[${n}]`)));
  }

  #at(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}

function invalid(field: string, wanted: string): Refusal {
  return new Refusal(422, "invalid-field", `${field} must be ${wanted}`, field);
}
