import { createHmac } from "node:crypto";
import type { Book, Change } from "./book.ts";
import type { Faults } from "./fault.ts";

const TRIES = 8;

/**
 * Sends each change to the configured url, in order, signed after Standard Webhooks. What no one takes in
 * eight tries is given up: the poll stream still has it. What was not sent when the process ends is not sent later.
 */
export class Webhooks {
  readonly #book: Book;
  readonly #faults: Faults;
  readonly #queue: Change[] = [];
  #heldBack: Change | undefined;
  #sending = false;
  #closed = false;

  constructor(book: Book, faults: Faults) {
    this.#book = book;
    this.#faults = faults;
  }

  enqueue(change: Change): void {
    if (this.#book.settings.webhookUrl === null) return;
    const fault = this.#faults.draw("webhook")?.kind;
    if (fault === "webhook-reorder" && !this.#heldBack) {
      this.#heldBack = change;
      return;
    }
    this.#queue.push(change);
    if (fault === "webhook-duplicate") this.#queue.push(change);
    if (this.#heldBack) this.#queue.push(this.#heldBack);
    this.#heldBack = undefined;
    void this.#drain();
  }

  close(): void {
    this.#closed = true;
  }

  async #drain(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (let change = this.#queue.shift(); change; change = this.#queue.shift()) await this.#deliver(change);
    this.#sending = false;
  }

  async #deliver(change: Change): Promise<void> {
    for (let attempt = 1; attempt <= TRIES && !this.#closed; attempt++) {
      if (await this.#post(change)) return;
      await new Promise((resolve) => setTimeout(resolve, attempt * 100).unref());
    }
  }

  async #post(change: Change): Promise<boolean> {
    const { webhookUrl, webhookSecret } = this.#book.settings;
    if (webhookUrl === null) return true;
    const timestamp = String(Math.floor(Date.now() / 1000));
    const body = JSON.stringify(change);
    const key = Buffer.from(webhookSecret.replace(/^whsec_/, ""), "base64");
    const signature = createHmac("sha256", key).update(`${change.id}.${timestamp}.${body}`).digest("base64");
    try {
      const answer = await fetch(webhookUrl, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.timeout(15_000),
        headers: {
          "content-type": "application/json",
          "webhook-id": change.id,
          "webhook-timestamp": timestamp,
          "webhook-signature": `v1,${signature}`,
        },
        body,
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }
}
