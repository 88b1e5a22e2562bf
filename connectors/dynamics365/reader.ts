import type { HarmlessFailure } from "./answer-class.ts";
import type { Client, Row } from "./client.ts";
import type { Query } from "./odata.ts";

/** A look that failed while a page was read: the page is read again. */
export class LookFailed extends Error {
  readonly failure: HarmlessFailure;

  constructor(failure: HarmlessFailure) {
    super(failure.why);
    this.failure = failure;
  }
}

/** Looks into the ERP for one page: the same look once, however many events lead to it. */
export class Reader {
  readonly #client: Client;
  readonly #signal: AbortSignal;
  readonly #looks = new Map<string, Promise<readonly Row[]>>();

  constructor(client: Client, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  /** @throws LookFailed */
  find(set: string, query: Query): Promise<readonly Row[]> {
    const key = JSON.stringify([set, query]);
    let look = this.#looks.get(key);
    if (!look) this.#looks.set(key, (look = this.#find(set, query)));
    return look;
  }

  async #find(set: string, query: Query): Promise<readonly Row[]> {
    const found = await this.#client.find(set, query, this.#signal);
    if (!found.ok) throw new LookFailed(found.failure);
    return found.rows.map(withoutMarks);
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
