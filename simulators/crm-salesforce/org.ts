import { afterSave, beforeSave } from "./automation.ts";
import { Book } from "./book.ts";
import { Clock, type ClockSetting } from "./clock.ts";
import { Clerk } from "./clerk.ts";
import { CollectionApi } from "./collection-api.ts";
import { LateCommits } from "./late-commit.ts";
import { MasterData } from "./master-data.ts";
import { QueryApi } from "./query-api.ts";
import { RecordApi } from "./record-api.ts";
import { Records } from "./records.ts";
import { changeSettings, DEFAULT_SETTINGS, type Settings } from "./settings.ts";
import { Store } from "./store.ts";

/** The org: its database, its clock, its rules, and the ways in. */
export class Org {
  readonly store: Store;
  readonly clock = new Clock();
  readonly book: Book;
  readonly records: Records;
  readonly late = new LateCommits();
  readonly masterData: MasterData;
  readonly clerk: Clerk;
  readonly recordApi: RecordApi;
  readonly queryApi: QueryApi;
  readonly collectionApi: CollectionApi;
  settings: Settings;

  constructor(dataDir: string) {
    this.store = new Store(dataDir);
    this.settings = {
      ...DEFAULT_SETTINGS,
      ...(this.store.readSetting("settings") as Partial<Settings> | undefined),
    };
    const clock = this.store.readSetting("clock") as ClockSetting | undefined;
    if (clock) this.clock.set(clock);
    this.book = new Book(this.store, this.clock);
    const settings = () => this.settings;
    this.records = new Records(this.store, this.clock, this.book, settings, { beforeSave, afterSave });
    this.masterData = this.store.transaction(() => new MasterData(this.records));
    const { people, pricebook } = this.masterData;
    this.clerk = new Clerk(this.records, people.salesperson, pricebook);
    this.recordApi = new RecordApi(this.records, settings, people.integration);
    this.queryApi = new QueryApi(this.records, this.late, settings);
    this.collectionApi = new CollectionApi(this.recordApi, this.store);
    this.records.onWrite = (id, before) => this.late.written(id, before);
  }

  /** Undefined: done; else the name of what is no setting. */
  changeSettings(changes: Readonly<Record<string, unknown>>): string | undefined {
    const changed = changeSettings(this.settings, changes);
    if (typeof changed === "string") return changed;
    this.settings = changed;
    this.store.writeSetting("settings", changed);
    return undefined;
  }

  setClock(setting: ClockSetting): void {
    this.clock.set(setting);
    this.store.writeSetting("clock", setting);
  }
}
