import { randomUUID } from "node:crypto";
import type { Call } from "../call.ts";
import type { Clock } from "../clock.ts";
import type { Faults } from "../fault/fault.ts";
import { Refusal } from "../refusal.ts";
import type { Settings } from "../settings.ts";
import type { Store } from "../store/store.ts";

export type EventKeys = Record<string, string | number>;
export type BusinessEvent = { control: number; id: string; event: string; at: string; payload: string };

/** What events need of the ERP they belong to. */
type Origin = { store: Store; clock: Clock; settings: Settings; company: string };

const TRIES = 3;
/** Whoever does not answer in this time did not take it. */
const PUSH_TIMEOUT_MS = 15_000;

/**
 * Events are part of the transaction that caused them and are pushed once it has ended, in order. Three tries, then
 * an event only stays readable: so does one that was not sent when the process ended.
 */
export class BusinessEvents {
  readonly #erp: Origin;
  readonly #queue: BusinessEvent[] = [];
  #heldBack: BusinessEvent | undefined;
  #sending = false;
  #closed = false;
  faults: Faults | undefined;

  constructor(erp: Origin) {
    this.#erp = erp;
  }

  add(call: Call, businessEventId: string, keys: EventKeys): void {
    const { store, clock, company } = this.#erp;
    // The product's control numbers come from blocks that are handed out to several servers: they have gaps.
    const drawn = store.nextNumber("control");
    const control = 5_637_000_000 + drawn + Math.floor(drawn / 7) * 3;
    const now = clock.now();
    const event = { control, id: randomUUID(), event: businessEventId, at: new Date(now).toISOString() };
    const payload = JSON.stringify({
      BusinessEventId: businessEventId,
      BusinessEventLegalEntity: company,
      ContextRecordSubject: "",
      ControlNumber: control,
      EventId: event.id,
      EventTime: `/Date(${now})/`,
      EventTimeIso8601: event.at,
      InitiatingUserAADObjectId: "{00000000-0000-0000-0000-000000000000}",
      MajorVersion: 0,
      MinorVersion: 0,
      ParentContextRecordSubjects: [],
      LegalEntity: company,
      ...keys,
    });
    store
      .statement(
        "insert into business_event (control, id, event, at, payload, reference) values (?, ?, ?, ?, ?, ?)",
      )
      .run(control, event.id, businessEventId, event.at, payload, call.reference);
    store.afterCommit(() => this.#enqueue({ ...event, payload }));
  }

  /** Those behind a control number, in their order; of some kinds where these are named. */
  after(control: number, limit: number, ids?: readonly string[]): BusinessEvent[] {
    const named = ids === undefined ? "" : "and event in (select value from json_each(?))";
    return this.#erp.store
      .statement(
        `select control, id, event, at, payload from business_event where control > ? ${named} order by control limit ?`,
      )
      .all(control, ...(ids === undefined ? [] : [JSON.stringify(ids)]), limit) as BusinessEvent[];
  }

  /** A person sends an event once more, from the screen that shows what could not be sent. */
  resend(control: number): void {
    const [event] = this.after(control - 1, 1);
    if (event?.control !== control)
      throw new Refusal("UnknownEvent", `there is no business event with ControlNumber ${control}`, {
        status: 404,
      });
    this.#queue.push(event);
    void this.#drain();
  }

  close(): void {
    this.#closed = true;
  }

  #enqueue(event: BusinessEvent): void {
    if (this.#erp.settings.businessEventUrl === "") return;
    const fault = this.faults?.draw("businessEvent")?.kind;
    if (fault === "event-gap") return;
    if (fault === "event-reorder" && !this.#heldBack) {
      this.#heldBack = event;
      return;
    }
    this.#queue.push(event);
    if (fault === "event-duplicate") this.#queue.push(event);
    if (this.#heldBack) this.#queue.push(this.#heldBack);
    this.#heldBack = undefined;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (let event = this.#queue.shift(); event; event = this.#queue.shift()) await this.#deliver(event);
    this.#sending = false;
  }

  async #deliver(event: BusinessEvent): Promise<void> {
    for (let attempt = 1; attempt <= TRIES && !this.#closed; attempt++) {
      if (await this.#push(event)) return;
      if (attempt < TRIES) await wait(this.#erp.settings.pushRetryMs);
    }
  }

  async #push({ payload }: BusinessEvent): Promise<boolean> {
    const { businessEventUrl, businessEventKey } = this.#erp.settings;
    if (businessEventUrl === "") return true;
    try {
      const answer = await fetch(businessEventUrl, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.timeout(PUSH_TIMEOUT_MS),
        headers: {
          "content-type": "application/json",
          ...(businessEventKey === "" ? {} : { "x-functions-key": businessEventKey }),
        },
        body: payload,
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
