/** Keeps what systems push, and what they tell in an answer: messages that come at the same time are one commit. */
import type { Pool } from "../db/pool.ts";
import { GroupCommit } from "../ledger/group-commit.ts";
import { type InboundMessage, keepInbound } from "./queries.ts";

export type KeptStatus = "kept" | "duplicate";

export class Keeper {
  readonly #group: GroupCommit<InboundMessage, KeptStatus>;

  /** @param kept told of each system that something new was kept of, after the commit */
  constructor(pool: Pool, kept: (system: string) => void) {
    this.#group = new GroupCommit({
      async write(messages) {
        const ids = new Set<number>();
        const systems = new Set<string>();
        const results = await keepInbound(
          pool,
          messages.map((message, ord) => ({ ...message, ord })),
        );
        const statuses = results.map(({ status, id }, n): KeptStatus => {
          // Of two that are the same in one commit the first is kept.
          if (status === "duplicate" || id === null || ids.has(id)) return "duplicate";
          ids.add(id);
          systems.add(messages[n]!.system);
          return "kept";
        });
        for (const system of systems) kept(system);
        return statuses;
      },
      lengthOf: ({ raw }) => raw.length,
    });
  }

  /** Resolves when the message is on disk: now, or as one that was there already. @throws what the database throws */
  keep(message: InboundMessage): Promise<KeptStatus> {
    return this.#group.add(message);
  }
}
