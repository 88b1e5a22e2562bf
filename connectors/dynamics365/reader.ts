import DataLoader from "dataloader";
import type { HarmlessFailure } from "./answer-class.ts";
import type { Client, Row } from "./client.ts";
import { textOf } from "./content.ts";
import { oneOf, type Query } from "./odata.ts";

type Shape = Pick<Query, "orderBy" | "expand">;

/** A look that failed while a page was read: the page is read again. */
export class LookFailed extends Error {
  readonly failure: HarmlessFailure;

  constructor(failure: HarmlessFailure) {
    super(failure.why);
    this.failure = failure;
  }
}

/** Values that one look asks for: what comes back must stay far below what an answer may hold. */
const AT_ONCE = 20;

/**
 * Looks into the ERP for one page of events. What its events ask for at the same time is asked for together, and the same record
 * once: an ERP counts the requests of a client, and a page of two hundred orders would be a thousand.
 */
export class Reader {
  readonly #client: Client;
  readonly #signal: AbortSignal;
  readonly #loaders = new Map<string, DataLoader<string, readonly Row[]>>();

  constructor(client: Client, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  /** The records of which a field has this value. @throws LookFailed */
  find(set: string, field: string, value: string, query: Shape = {}): Promise<readonly Row[]> {
    const key = JSON.stringify([set, field, query]);
    let loader = this.#loaders.get(key);
    if (!loader) {
      const look = (values: readonly string[]) => this.#look(set, field, values, query);
      this.#loaders.set(key, (loader = new DataLoader(look, { maxBatchSize: AT_ONCE })));
    }
    return loader.load(value);
  }

  async #look(
    set: string,
    field: string,
    values: readonly string[],
    query: Shape,
  ): Promise<(readonly Row[])[]> {
    const found = await this.#client.find(set, { filter: oneOf(field, values), ...query }, this.#signal);
    if (!found.ok) throw new LookFailed(found.failure);
    // The ERP compares without regard to case.
    const byValue = Map.groupBy(found.rows, (row) => textOf(row[field]).toUpperCase());
    return values.map((value) => (byValue.get(value.toUpperCase()) ?? []).map(withoutMarks));
  }
}

/** Without what says how the answer was made and not what the record is. */
function withoutMarks(row: Row): Row {
  const fields = Object.entries(row).filter(([name]) => !name.startsWith("@odata."));
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((each: unknown) => withoutMarks(each as Row)) : value,
    ]),
  );
}
