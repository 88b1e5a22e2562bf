import { closeSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Customer, Item } from "./catalogue.ts";
import type { Order } from "./order.ts";
import type { Settings } from "./settings.ts";

/** Who did it: a caller of the system API, a clerk at a screen, or a hand in the database. */
export type Actor = "api" | "clerk" | "hand";

export const ORDER_OPERATIONS = ["create", "change", "cancel", "release", "ship", "edit"] as const;
export type OrderOperation = (typeof ORDER_OPERATIONS)[number];

/** What another system told about an order, by that system's own order number. */
export type ToldStatus = { number: string; status: string; details: Record<string, string>; toldAt: string };

/** What others are told of it; null for what no one is told about, such as a hand edit. */
export type Event = { id: string; type: string } | null;

/** One thing that really happened. The file of these is all the system keeps; everything else is a fold of it. */
export type Entry =
  | {
      op: OrderOperation;
      at: string;
      actor: Actor;
      reference: string | null;
      order: Order;
      event: Event;
    }
  | { op: "status"; at: string; actor: Actor; reference: string | null; told: ToldStatus }
  | { op: "item"; item: Item }
  | { op: "customer"; at: string; reference: null; customer: Customer; event: Event }
  | { op: "settings"; settings: Settings }
  | { op: "snapshot"; name: string }
  | { op: "restore"; name: string };

/**
 * The append-only file. Entries of one turn of the event loop are written together, and who waits for them with
 * `afterWrite` is answered only then: so an answered write survives the death of the process. It is not synced to
 * disk, so it does not promise to survive the death of the machine.
 */
export class Journal {
  readonly #path: string;
  readonly #file: number;
  #unwritten = "";
  #waiting: (() => void)[] = [];

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.#path = join(dataDir, "journal.jsonl");
    this.#file = openSync(this.#path, "a");
    this.#dropTornTail();
  }

  append(entry: Entry): void {
    if (this.#unwritten === "") setImmediate(() => this.#write());
    this.#unwritten += JSON.stringify(entry) + "\n";
  }

  /** Calls back once everything appended so far is written: at once when nothing is open. */
  afterWrite(callback: () => void): void {
    if (this.#unwritten === "") callback();
    else this.#waiting.push(callback);
  }

  read(): Entry[] {
    this.#write();
    const text = readFileSync(this.#path, "utf8");
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Entry);
  }

  close(): void {
    this.#write();
    closeSync(this.#file);
  }

  #write(): void {
    if (this.#unwritten !== "") writeSync(this.#file, this.#unwritten);
    this.#unwritten = "";
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const callback of waiting) callback();
  }

  /** A process killed while it wrote leaves half a line; nobody was answered for it. */
  #dropTornTail(): void {
    const bytes = readFileSync(this.#path);
    const end = bytes.lastIndexOf(0x0a) + 1;
    if (end < bytes.length) truncateSync(this.#path, end);
  }
}

/** The entries that still count once restores to earlier snapshots took their effect. */
export function standingEntries(entries: readonly Entry[]): Entry[] {
  const standing: Entry[] = [];
  const snapshots = new Map<string, number>();
  for (const entry of entries) {
    if (entry.op === "snapshot") snapshots.set(entry.name, standing.length);
    else if (entry.op === "restore") {
      standing.length = snapshots.get(entry.name) ?? standing.length;
      for (const [name, length] of snapshots) if (length > standing.length) snapshots.delete(name);
    } else standing.push(entry);
  }
  return standing;
}
