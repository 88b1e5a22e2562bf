import { newCall } from "./call.ts";
import type { Erp } from "./erp.ts";
import type { MessageProcessor } from "./message-queue/message-processor.ts";
import { releaseDue } from "./planning/planned-order.ts";
import { PURCHASES, receivePurchase } from "./planning/purchase.ts";
import { Refusal } from "./refusal.ts";

/** The ERP's own batch jobs: the message queue, the release of planned orders, material that arrives. */
export class Automation {
  readonly #erp: Erp;
  readonly #processor: MessageProcessor;
  #timer: NodeJS.Timeout | undefined;

  constructor(erp: Erp, processor: MessageProcessor) {
    this.#erp = erp;
    this.#processor = processor;
  }

  /** Starts, or goes on at the pace of the settings as they are now. */
  start(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      try {
        this.run(false);
      } catch (error) {
        process.stderr.write(`${(error as Error).stack}\n`);
      }
      this.start();
    }, this.#erp.settings.tickMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Does what is due; `all` also the messages that are not yet. */
  run(all: boolean): void {
    this.#processor.run(all);
    releaseDue(this.#erp, this.#erp.clock.now());
    this.#receiveDue();
  }

  #receiveDue(): void {
    const erp = this.#erp;
    if (!erp.settings.autoReceivePurchases) return;
    const today = erp.clock.today();
    for (const purchase of erp.store.find(PURCHASES, { Status: "Open" })) {
      if (purchase.ExpectedDate > today) continue;
      try {
        erp.store.transact(() =>
          receivePurchase(erp, newCall("system", "goods receipt"), purchase.PurchaseRequestNumber),
        );
      } catch (error) {
        // A closed period, for one: it is tried again as long as it is due.
        if (!(error instanceof Refusal)) throw error;
      }
    }
  }
}
