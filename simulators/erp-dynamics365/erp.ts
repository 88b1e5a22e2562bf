import { Book } from "./book/book.ts";
import { BusinessEvents, type EventKeys } from "./business-event/business-events.ts";
import type { Call } from "./call.ts";
import { Clock, type ClockState } from "./clock.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";
import { Store } from "./store/store.ts";
import { defineTable, newRow, type Fields, type RowOf, type Table } from "./store/table.ts";

export const REFERENCE_LOGS = defineTable(
  "referenceLog",
  {
    dataAreaId: "text",
    LogId: "text",
    ILKReference: "text",
    Operation: "text",
    RecordKey: "text",
    CreatedDateTime: "time",
  },
  ["dataAreaId", "LogId"],
  ["ILKReference"],
);

/** What every part of the ERP works with. */
export class Erp {
  readonly store: Store;
  readonly clock = new Clock();
  readonly book: Book;
  readonly events: BusinessEvents;
  /** Orders that the transaction at hand has touched; they are settled at its end. */
  readonly touched = new Set<string>();
  #settings: Settings;

  constructor(dataDir: string) {
    this.store = new Store(dataDir);
    this.book = new Book(this.store);
    this.events = new BusinessEvents(this);
    this.#settings = { ...DEFAULT_SETTINGS, ...(this.store.kept("settings") as Settings | undefined) };
    const clock = this.store.kept("clock") as ClockState | undefined;
    this.clock.state = clock ?? { base: Date.now(), anchor: Date.now(), speed: 1 };
  }

  get settings(): Settings {
    return this.#settings;
  }

  set settings(settings: Settings) {
    this.store.keep("settings", settings);
    this.#settings = settings;
  }

  get company(): string {
    return this.#settings.companyId;
  }

  /** A row of the company at hand. */
  get<F extends Fields>(table: Table<F>, key: Partial<RowOf<F>>): RowOf<F> | undefined {
    return this.store.get(table, { dataAreaId: this.company, ...key });
  }

  create<F extends Fields>(table: Table<F>, given: Partial<RowOf<F>>): RowOf<F> {
    return this.store.put(table, newRow(table, { dataAreaId: this.company, ...given }));
  }

  change<F extends Fields>(table: Table<F>, row: RowOf<F>, changes: Partial<RowOf<F>>): RowOf<F> {
    return this.store.put(table, { ...row, ...changes });
  }

  nextNumber(prefix: string): string {
    return `${prefix}-${String(this.store.nextNumber(prefix)).padStart(6, "0")}`;
  }

  /** One stock or ledger posting that belongs to an operation, for the book alone. */
  note(call: Call, operation: string, object: string, facts: Record<string, string>): void {
    this.book.record(call, this.clock.iso(), operation, object, facts);
  }

  /** An operation, for the book; what carries a reference also leaves a row that callers can find it by. */
  record(call: Call, operation: string, object: string, facts: Record<string, string> = {}): void {
    this.book.record(call, this.clock.iso(), operation, object, facts);
    if (call.reference === "") return;
    this.create(REFERENCE_LOGS, {
      LogId: this.nextNumber("LOG"),
      ILKReference: call.reference,
      Operation: operation,
      RecordKey: object,
      CreatedDateTime: new Date().toISOString(),
    });
  }

  tell(call: Call, businessEventId: string, keys: EventKeys): void {
    this.events.add(call, businessEventId, keys);
  }

  close(): void {
    this.events.close();
    this.store.close();
  }
}
