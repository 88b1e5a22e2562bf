import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { keyOf, lookedUpBy, type Fields, type RowOf, type Table } from "./table.ts";

export type Stored<F extends Fields> = { recId: number; version: number; row: RowOf<F> };

type Raw = { recid: number; version: number; body: string };

const SCHEMA = `
  create table if not exists sequence (name text primary key, value integer not null) without rowid;
  create table if not exists snapshot (name text primary key, book integer not null, event integer not null, seq integer not null);
  create table if not exists snapshot_record (
    name text not null, records text not null, recid integer not null, key text not null, version integer not null,
    body text not null, primary key (name, records, recid)
  );
  create table if not exists snapshot_sequence (
    name text not null, sequence text not null, value integer not null, primary key (name, sequence)
  ) without rowid;
  create table if not exists kept (name text primary key, value text not null);
  create table if not exists business_event (
    control integer primary key, payload text not null, id text not null, event text not null, at text not null, reference text not null
  );
  create index if not exists business_event_kind on business_event (event, control);
  create table if not exists book (
    seq integer primary key autoincrement, at text not null, clock text not null, unit text not null, actor text not null,
    who text not null, operation text not null, object text not null, reference text not null, facts text not null,
    undone integer not null default 0
  );
  create index if not exists book_units on book (reference, unit, undone) where reference <> '';
  create index if not exists book_operation on book (operation) where undone = 0;
`;

/** Behind it the name of one of the product's tables. */
const RECORDS = "record_";

/**
 * All state in one SQLite file: rows of every table as documents with a record id and a version, which is what the
 * product's ETags are made of. A transaction outlives the process once it has ended.
 */
export class Store {
  readonly db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #made = new Set<string>();
  #depth = 0;
  #afterCommit: (() => void)[] = [];

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.db = new DatabaseSync(join(dataDir, "erp.sqlite"));
    this.db.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000");
    this.db.exec(SCHEMA);
  }

  close(): void {
    this.db.close();
  }

  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.db.prepare(sql)));
    return statement;
  }

  /** All or nothing. Inside of another one it is a savepoint: it can fail alone. */
  transact<T>(work: () => T): T {
    const depth = this.#depth;
    const waiting = this.#afterCommit.length;
    this.db.exec(depth === 0 ? "begin immediate" : `savepoint level${depth}`);
    this.#depth = depth + 1;
    let result: T;
    try {
      result = work();
      this.db.exec(depth === 0 ? "commit" : `release level${depth}`);
    } catch (error) {
      if (this.db.isTransaction)
        this.db.exec(depth === 0 ? "rollback" : `rollback to level${depth}; release level${depth}`);
      this.#afterCommit.length = waiting;
      // What was made meanwhile is gone with it.
      this.#made.clear();
      throw error;
    } finally {
      this.#depth = depth;
    }
    if (depth === 0) for (const callback of this.#afterCommit.splice(0)) callback();
    return result;
  }

  /** What others hear of must not be taken back: called once the transaction has ended. */
  afterCommit(callback: () => void): void {
    this.#afterCommit.push(callback);
  }

  get<F extends Fields>(table: Table<F>, key: Partial<RowOf<F>>): RowOf<F> | undefined {
    return this.getStored(table, keyOf(table, key))?.row;
  }

  getStored<F extends Fields>(table: Table<F>, key: string): Stored<F> | undefined {
    const records = this.recordsOf(table);
    const raw = this.statement(`select recid, version, body from ${records} where key = ?`).get(key) as
      | Raw
      | undefined;
    return raw && unpack<F>(raw);
  }

  /** Inserts or replaces a row; each time its version goes up. */
  put<F extends Fields>(table: Table<F>, row: RowOf<F>): RowOf<F> {
    const records = this.recordsOf(table);
    const key = keyOf(table, row);
    const body = JSON.stringify(row);
    const update = this.statement(`update ${records} set body = ?, version = version + 1 where key = ?`);
    if (update.run(body, key).changes === 0)
      this.statement(`insert into ${records} (recid, key, version, body) values (?, ?, 1, ?)`).run(
        this.#nextRecId(),
        key,
        body,
      );
    return row;
  }

  remove<F extends Fields>(table: Table<F>, key: Partial<RowOf<F>>): void {
    this.statement(`delete from ${this.recordsOf(table)} where key = ?`).run(keyOf(table, key));
  }

  find<F extends Fields>(table: Table<F>, where: Partial<RowOf<F>> = {}): RowOf<F>[] {
    return this.findStored(table, where).map(({ row }) => row);
  }

  /** In the order in which they were made. */
  findStored<F extends Fields>(table: Table<F>, where: Partial<RowOf<F>> = {}): Stored<F>[] {
    const { from, values } = this.#from(table, where);
    // With the plus the rows found are sorted; without it all rows of the table would be walked in their order to find them.
    const order = values.length === 0 ? "recid" : "+recid";
    const raws = this.statement(`select recid, version, body ${from} order by ${order}`).all(...values);
    return (raws as Raw[]).map((raw) => unpack<F>(raw));
  }

  /** One field of all rows that match, without reading the rest of them. */
  values<F extends Fields>(table: Table<F>, field: keyof F & string, where: Partial<RowOf<F>>): string[] {
    const { from, values } = this.#from(table, where);
    const rows = this.statement(`select json_extract(body, '$.${field}') as value ${from}`).all(...values);
    return (rows as { value: string }[]).map(({ value }) => value);
  }

  /** The next number of a sequence; a restore gives numbers a second time, as a real one does. */
  nextNumber(sequence: string): number {
    const row = this.statement(
      `insert into sequence (name, value) values (?, 1)
       on conflict (name) do update set value = value + 1 returning value`,
    ).get(sequence) as { value: number };
    return row.value;
  }

  keep(name: string, value: unknown): void {
    this.statement("insert or replace into kept (name, value) values (?, ?)").run(
      name,
      JSON.stringify(value),
    );
  }

  kept(name: string): unknown {
    const row = this.statement("select value from kept where name = ?").get(name) as
      | { value: string }
      | undefined;
    return row && JSON.parse(row.value);
  }

  /** Where the rows of a table are kept: made when it is first used. */
  recordsOf<F extends Fields>({ name }: Table<F>): string {
    const records = RECORDS + name;
    this.#make(
      records,
      `create table if not exists ${records} (
         recid integer primary key, key text not null unique, version integer not null, body text not null)`,
    );
    return records;
  }

  /** Takes all rows out; numbers begin anew. */
  empty(): void {
    for (const records of this.allRecords()) this.statement(`delete from ${records}`).run();
    this.statement("delete from sequence").run();
  }

  /** The names of all that hold rows of a table, whoever made them. */
  allRecords(): string[] {
    const tables = this.statement("select name from sqlite_schema where type = 'table' and name glob ?").all(
      `${RECORDS}*`,
    ) as { name: string }[];
    return tables.map(({ name }) => name);
  }

  #from<F extends Fields>(
    table: Table<F>,
    where: Partial<RowOf<F>>,
  ): { from: string; values: (string | number)[] } {
    const records = this.recordsOf(table);
    const names = Object.keys(where);
    const known = lookedUpBy(table);
    for (const name of names) if (known.includes(name)) this.#index(records, name);
    const conditions = names.map((name) => `json_extract(body, '$.${name}') = ?`);
    return {
      from: conditions.length === 0 ? `from ${records}` : `from ${records} where ${conditions.join(" and ")}`,
      values: names.map((name) => where[name] as string | number),
    };
  }

  #nextRecId(): number {
    return 5_637_144_576 + this.nextNumber("recid");
  }

  /** Names of tables and fields come from declarations in the code, never from a request. */
  #index(records: string, field: string): void {
    const name = `${records}_by_${field}`;
    this.#make(name, `create index if not exists ${name} on ${records} (json_extract(body, '$.${field}'))`);
  }

  #make(name: string, sql: string): void {
    if (this.#made.has(name)) return;
    this.db.exec(sql);
    this.#made.add(name);
  }
}

function unpack<F extends Fields>({ recid, version, body }: Raw): Stored<F> {
  return { recId: recid, version, row: JSON.parse(body) as RowOf<F> };
}
