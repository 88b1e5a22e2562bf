/*
 * Every question that a console can ask: each GET of the API as its own description has it, with each of its filters, and the
 * page after. Values to filter by, and names to ask for, are taken from what the lists themselves show.
 */

/** As far as it is read of `/v1/openapi.json`. */
export interface ApiDescription {
  readonly paths: Readonly<Record<string, { readonly get?: Operation }>>;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}
interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly required?: boolean;
  readonly schema?: {
    readonly enum?: readonly unknown[];
    readonly anyOf?: readonly { readonly const?: unknown }[];
    readonly pattern?: string;
    readonly format?: string;
  };
}

export type Ask = (path: string) => Promise<unknown>;

/** Of what pages and lists are made of, as a person types it into the address line. */
export interface Swept {
  readonly asked: readonly string[];
  /** Filters and objects of which no list shows an example. */
  readonly withoutExample: readonly string[];
}

const PAGING = new Set(["limit", "cursor"]);
/** As many values of one filter are tried at most. */
const VALUES = 3;
/** So many of the objects that a list shows are looked at. */
const OBJECTS = 10;
const FULL_PAGE = "limit=200";
const A_TIME = /^\d{4}-\d{2}-\d{2}/;

/** @param ask answers with the body of a GET; undefined when it was refused or is no JSON */
export async function sweepApi(description: ApiDescription, ask: Ask): Promise<Swept> {
  const asked: string[] = [];
  const withoutExample: string[] = [];
  const examples = new Examples();
  const get = async (path: string): Promise<unknown> => {
    asked.push(path);
    const body = await ask(path);
    examples.learn(body, path.split("?", 1)[0]!.split("/").at(-1)!);
    return body;
  };
  const operations = Object.entries(description.paths)
    .flatMap(([path, { get: operation }]) => (operation ? [{ path, operation }] : []))
    .filter(({ operation }) => answersJson(operation));
  // Lists first: they show what the others can be asked for.
  const isWhole = ({ path }: { path: string }) => !path.includes("{");
  const required = ({ operation }: { operation: Operation }) =>
    queryOf(operation).some((each) => each.required);
  for (const { path } of operations.filter((each) => isWhole(each) && !required(each))) await get(path);
  for (const { path, operation } of operations) {
    const [place, ...others] = placesOf(path, examples);
    if (place === undefined) {
      withoutExample.push(path);
      continue;
    }
    await sweepQuery(place, operation);
    if (!required({ operation })) for (const other of others) await get(other);
  }
  return { asked, withoutExample };

  async function sweepQuery(place: string, operation: Operation): Promise<void> {
    const filters = queryOf(operation).filter(({ name }) => !PAGING.has(name));
    const needed = filters.filter((each) => each.required).map((each) => asQuery(each, examples)[0]);
    if (needed.includes(undefined)) return void withoutExample.push(place);
    const paged = queryOf(operation).some(({ name }) => name === "limit");
    const first = await get(addressOf(place, needed as string[]));
    const next = (first as { next?: unknown } | undefined)?.next;
    if (typeof next === "string")
      await get(addressOf(place, [...(needed as string[]), `cursor=${encodeURIComponent(next)}`]));
    if (paged) await get(addressOf(place, [...(needed as string[]), FULL_PAGE]));
    for (const filter of filters.filter((each) => !each.required)) {
      const tries = asQuery(filter, examples);
      if (tries.length === 0) withoutExample.push(`${place}?${filter.name}`);
      for (const each of tries) await get(addressOf(place, [...(needed as string[]), each]));
    }
  }
}

function answersJson({ responses = {} }: Operation): boolean {
  const kinds = Object.keys(responses["200"]?.content ?? {});
  return kinds.length === 0 ? responses["200"] !== undefined : kinds.includes("application/json");
}

function queryOf({ parameters = [] }: Operation): Parameter[] {
  return parameters.filter((each) => each.in === "query");
}

function addressOf(place: string, query: readonly string[]): string {
  return query.length === 0 ? place : `${place}?${query.join("&")}`;
}

function asQuery({ name, schema = {} }: Parameter, examples: Examples): string[] {
  const { pattern, format, anyOf = [] } = schema;
  const words = schema.enum ?? anyOf.flatMap((each) => (each.const === undefined ? [] : [each.const]));
  const isTime = format?.startsWith("date") ?? false;
  const fits = (value: string) =>
    (pattern === undefined || new RegExp(pattern, "u").test(value)) && (!isTime || A_TIME.test(value));
  const seen = [name, ...(ALSO[name] ?? [])]
    .flatMap((field) => examples.of(field))
    .map((value) => (format === "date" ? value.slice(0, 10) : value))
    .filter(fits);
  const values = words.length > 0 ? words : seen.slice(0, VALUES);
  return values.map((value) => `${name}=${encodeURIComponent(String(value))}`);
}

/** `/v1/cases/{id}` with each of the first that the list before the brace shows. */
function placesOf(path: string, examples: Examples): string[] {
  let places = [""];
  for (const part of path.split("/").slice(1)) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    const next = (place: string) => (name === undefined ? [part] : examples.below(place, name));
    places = places.flatMap((place) => next(place).map((each) => `${place}/${encodeURIComponent(each)}`));
  }
  return places.slice(0, OBJECTS);
}

/** Values by the field they were seen in, and what each list showed first. */
class Examples {
  readonly #values = new Map<string, Set<string>>();
  readonly #lists = new Map<string, readonly Record<string, unknown>[]>();

  of(name: string): string[] {
    return [...(this.#values.get(name) ?? [])];
  }

  below(place: string, name: string): string[] {
    const items = this.#lists.get(place.split("/").at(-1)!) ?? [];
    const named = items.flatMap((item) => {
      const own = [name, "id", "name", "reference", "seq", "key"].map((field) => item[field]);
      const found = own.find((value) => typeof value === "string" || typeof value === "number");
      return found === undefined ? [] : [String(found)];
    });
    // Of an address without a list, such as a story: whatever has a name.
    return named.length > 0 ? named : [name, "subject"].flatMap((field) => this.of(field).slice(0, VALUES));
  }

  learn(body: unknown, list?: string): void {
    if (Array.isArray(body)) {
      const items = (body as unknown[]).filter(isObject).slice(0, OBJECTS);
      if (list !== undefined && items.length > 0 && !this.#lists.has(list)) this.#lists.set(list, items);
      for (const each of body.slice(0, 50)) this.learn(each);
      return;
    }
    if (!isObject(body)) return;
    for (const [field, value] of Object.entries(body)) {
      if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
        const known = this.#values.get(field) ?? new Set();
        if (known.size < 20) this.#values.set(field, known.add(String(value)));
      } else this.learn(value, field === "items" ? list : field);
    }
  }
}

/** Filters that are called otherwise than the fields they look at. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  object: ["subject"],
  search: ["number", "id"],
  from: ["major", "recordedAt", "time", "openedAt"],
  until: ["recordedAt", "time", "openedAt"],
  after: ["seq"],
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
