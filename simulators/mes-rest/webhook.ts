import { readFeed } from "./api.ts";
import type { Dialect } from "./dialect/dialect.ts";
import { printExact } from "./exact-json.ts";
import type { Faults } from "./fault.ts";
import type { Plant } from "./plant.ts";
import type { Change } from "./report.ts";

const TRIES = 8;
const ANSWER_WITHIN_MS = 15_000;
const TAKEN: Taken = { end: true, waitMs: 0 };
/** Its receiver says that it is gone for good. */
const GONE = 410;

type Delivery = { seq: number; tries: number };
/** `end`: it is not sent again. `waitMs`: what the receiver asked for. */
type Taken = { end: boolean; waitMs: number };

/**
 * Sends each report to the configured url, signed. One that is not taken is sent again after a while, doubled each time,
 * and overtaken by later ones meanwhile; after eight tries it is given up: the feed still has it. What is still to be
 * sent is kept on disk, so that a death of the process loses none, and may send one twice. Retry-After is honoured, and
 * a 410 ends it.
 */
export class Webhooks {
  readonly #plant: Plant;
  readonly #dialect: Dialect;
  readonly #faults: Faults;
  #heldBack: number | undefined;
  #sending = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  /** The plant is cut off: nothing goes out, and nothing is counted as tried. */
  cutOff = false;

  constructor(plant: Plant, dialect: Dialect, faults: Faults) {
    this.#plant = plant;
    this.#dialect = dialect;
    this.#faults = faults;
  }

  /** Sends what is due; to be called whenever something may be. */
  wake(): void {
    if (!this.#sending) void this.#drain();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #drain(): Promise<void> {
    this.#sending = true;
    clearTimeout(this.#timer);
    for (let due = this.#next(); due; due = this.#next()) await this.#deliver(due);
    this.#sending = false;
    if (!this.#closed) this.#sleep();
  }

  #next(): Delivery | undefined {
    if (this.#closed || this.cutOff || this.#plant.settings.webhookUrl === null) return undefined;
    return this.#plant.store.one<Delivery>(
      "select seq, tries from delivery where due <= ? and seq <> ? order by seq limit 1",
      Date.now(),
      this.#heldBack ?? 0,
    );
  }

  #sleep(): void {
    const { due } = this.#plant.store.one<{ due: number | null }>(
      "select min(due) as due from delivery where seq <> ?",
      this.#heldBack ?? 0,
    )!;
    if (due === null || this.cutOff || this.#plant.settings.webhookUrl === null) return;
    this.#timer = setTimeout(() => this.wake(), Math.max(1, due - Date.now())).unref();
  }

  async #deliver({ seq, tries }: Delivery): Promise<void> {
    const [change] = readFeed(this.#plant, seq - 1, 1);
    const fault = this.#faults.draw("webhook")?.kind;
    if (fault === "webhook-reorder" && this.#heldBack === undefined) {
      this.#heldBack = seq;
      return;
    }
    const gone = change?.sequence !== seq || fault === "webhook-lost";
    const taken = gone ? TAKEN : await this.#post(change);
    if (fault === "webhook-duplicate" && !gone) await this.#post(change);
    if (this.#closed) return;
    this.#settle(seq, taken.end ? TRIES : tries + 1, taken.waitMs);
    this.#heldBack = undefined;
  }

  #settle(seq: number, tries: number, waitMs: number): void {
    const { store, settings } = this.#plant;
    const due = Date.now() + Math.max(waitMs, settings.webhookBackoffMs * 2 ** (tries - 1));
    store.transact(() =>
      tries >= TRIES
        ? store.run("delete from delivery where seq = ?", seq)
        : store.run("update delivery set tries = ?, due = ? where seq = ?", tries, due, seq),
    );
  }

  async #post(change: Change): Promise<Taken> {
    const { webhookUrl, webhookSecret } = this.#plant.settings;
    if (webhookUrl === null) return TAKEN;
    const body = printExact(this.#dialect.writeChange(this.#plant, change));
    const seconds = Math.floor(Date.now() / 1000);
    try {
      const answer = await fetch(webhookUrl, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        headers: {
          "content-type": this.#dialect.contentType,
          ...this.#dialect.sign(webhookSecret, change.id, seconds, body),
        },
        body,
      });
      await answer.arrayBuffer();
      const asked = Number(answer.headers.get("retry-after"));
      return {
        end: answer.ok || answer.status === GONE,
        waitMs: Number.isFinite(asked) ? Math.min(asked, 86_400) * 1000 : 0,
      };
    } catch {
      return { end: false, waitMs: 0 };
    }
  }
}
