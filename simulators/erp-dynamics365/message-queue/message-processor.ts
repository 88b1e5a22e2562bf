import { newCall, type Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { parseObject } from "../exact-json.ts";
import type { Faults } from "../fault/fault.ts";
import { Refusal, refuse } from "../refusal.ts";
import { RequestReader } from "../request-reader.ts";
import { performUnit } from "../unit.ts";
import { MESSAGE_TYPES } from "./message-types.ts";
import { MESSAGES, type Message, type MessageState } from "./message.ts";

const ATTEMPTS = 3;

/**
 * The batch job behind the queue. Messages of one production order are processed in the order they came, one at a
 * time; different orders do not wait for each other. What fails is tried three times, then it is Failed and the next
 * one of its order goes on, whether that makes sense or not.
 */
export class MessageProcessor {
  readonly #erp: Erp;
  readonly #faults: Faults;
  /** When each message may be tried, in real milliseconds. Lost with the process: then all are due. */
  readonly #due = new Map<string, number>();
  #stalledUntil = 0;

  constructor(erp: Erp, faults: Faults) {
    this.#erp = erp;
    this.#faults = faults;
    // A process that died in the middle has rolled its transaction back: the message is simply due again.
    for (const message of erp.store.find(MESSAGES, { MessageState: "Processing" }))
      erp.change(MESSAGES, message, { MessageState: "Queued" });
  }

  queued({ MessageId }: Message): void {
    const overtaken = this.#faults.draw("messageQueued");
    this.#due.set(MessageId, Date.now() + this.#erp.settings.queueDelayMs + (overtaken?.delayMs ?? 0));
  }

  /** Does whatever is due; `all` also what is not yet. */
  run(all = false): void {
    const now = Date.now();
    const stall = this.#faults.draw("messageQueue");
    if (stall) this.#stalledUntil = now + (stall.delayMs ?? 1000);
    if (now < this.#stalledUntil && !all) return;
    const due = this.#heads().filter(({ MessageId }) => all || (this.#due.get(MessageId) ?? 0) <= now);
    // One transaction for all that is due; each message can fail alone in it.
    if (due.length > 0)
      this.#erp.store.transact(() => {
        for (const message of due) this.#try(message);
      });
  }

  /** What an operator does at the screen of the queue. */
  operate(id: string, action: "cancel" | "requeue"): Message {
    const message = this.#erp.get(MESSAGES, { MessageId: id });
    if (!message) return refuse("UnknownMessage", `There is no message ${id}`);
    if (message.MessageState === "Processed" || message.MessageState === "Processing")
      refuse("MessageEnded", `Message ${id} is ${message.MessageState}`);
    const state: MessageState = action === "cancel" ? "Canceled" : "Queued";
    return this.#erp.store.transact(() =>
      this.#erp.change(MESSAGES, message, { MessageState: state, AttemptCount: 0, MessageInfolog: "" }),
    );
  }

  /** The one being processed, else the oldest, of each production order; those that name none are each on their own. */
  #heads(): Message[] {
    const heads = new Map<string, Message>();
    for (const state of ["Processing", "Queued"])
      for (const message of this.#erp.store.find(MESSAGES, { MessageState: state })) {
        const lane = message.ILKProductionOrderNumber || message.MessageId;
        if (!heads.has(lane)) heads.set(lane, message);
      }
    return [...heads.values()];
  }

  #try(message: Message): void {
    const erp = this.#erp;
    const attempt = message.AttemptCount + 1;
    // A unit of its own each time: after a restore the same message is processed again, and the book counts both.
    const call = newCall("api", "message processor", message.ILKReference);
    try {
      performUnit(erp, call, () => {
        if (this.#faults.draw("message"))
          refuse(
            "Technical",
            "Update conflict: another user process has changed one or more fields in the record",
          );
        const handle = MESSAGE_TYPES[message.MessageType];
        if (!handle) refuse("UnknownType", `Message type ${message.MessageType} is not supported`);
        const content = new RequestReader(parseObject(message.MessageContent));
        if (content.text("ILKReference", "") !== call.reference)
          refuse("InvalidReference", "ILKReference has more than 80 characters", "ILKReference");
        handle(erp, call, content);
        this.#end(call, message, "Processed", attempt, "");
      });
    } catch (error) {
      // A mistake of the ERP's own must not stop the messages of others.
      if (!(error instanceof Refusal)) process.stderr.write(`${(error as Error).stack}\n`);
      const why = error instanceof Refusal ? error.message : "An unexpected error has occurred.";
      erp.store.transact(() => this.#fail(call, message, attempt, why));
    }
  }

  #fail(call: Call, message: Message, attempt: number, why: string): void {
    if (attempt >= ATTEMPTS) {
      this.#end(call, message, "Failed", attempt, why);
      return;
    }
    this.#due.set(message.MessageId, Date.now() + this.#erp.settings.queueRetryMs);
    this.#erp.change(MESSAGES, message, {
      MessageState: "Processing",
      AttemptCount: attempt,
      MessageInfolog: why,
    });
  }

  #end(call: Call, message: Message, state: "Processed" | "Failed", attempt: number, why: string): void {
    this.#due.delete(message.MessageId);
    const ended = this.#erp.change(MESSAGES, message, {
      MessageState: state,
      AttemptCount: attempt,
      MessageInfolog: why,
      ProcessedDateTime: new Date().toISOString(),
    });
    this.#erp.tell(call, "SysMessageProcessorMessageProcessedBusinessEvent", {
      MessageId: ended.MessageId,
      MessageQueue: ended.MessageQueue,
      MessageType: ended.MessageType,
      MessageState: state,
      MessageContent: ended.MessageContent,
      MessageProcessingResult: state === "Processed" ? "Success" : "Failed",
      MessageInfolog: why,
      MessageSourceCompanyId: ended.CompanyId,
      ILKReference: ended.ILKReference,
    });
  }
}
