import { randomUUID } from "node:crypto";
import type { NativeMessage } from "../../src/connector/index.ts";

/** Answers kept for reading again: far more than one poll brings. */
const LIMIT = 1_000;

/**
 * Answers to questions on their way into a stream. They live as long as the session: what was not read when the hub
 * dies is gone with it, and whoever asked asks again. The place is that of the session and a number.
 */
export class Answers {
  readonly #session = randomUUID();
  readonly #kept: { readonly n: number; readonly message: NativeMessage }[] = [];
  #last = 0;

  add(answer: object): void {
    const message = { contentType: "application/json", raw: Buffer.from(JSON.stringify(answer)) };
    this.#kept.push({ n: ++this.#last, message });
    if (this.#kept.length > LIMIT) this.#kept.shift();
  }

  /** Everything after a place; that of another session is before all of it. */
  after(place: string | undefined): { readonly messages: readonly NativeMessage[]; readonly place: string } {
    const [session, n] = (place ?? "").split("/");
    const read = session === this.#session ? Number(n) : 0;
    return {
      messages: this.#kept.filter((each) => each.n > read).map(({ message }) => message),
      place: `${this.#session}/${this.#last}`,
    };
  }
}
