import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";

export type Value = string | boolean | null;
/** One record as kept: decimals and dates as text, moments in UTC; a field that is empty is not there. */
export type Row = { readonly id: string; readonly type: string; readonly fields: Record<string, Value> };
/** What a record is found by: unique fields and lookups. */
export type Key = { readonly field: string; readonly value: string };

const TABLES = `
  create table if not exists record(
    id text primary key, type text not null, stamp text not null, deleted int not null, data text not null);
  create index if not exists record_by_stamp on record(type, stamp);
  create table if not exists key(
    type text not null, field text not null, value text not null, id text not null,
    primary key(type, field, value, id)) without rowid;
  create index if not exists key_by_id on key(id);
  create table if not exists counter(name text primary key, value int not null);
  create table if not exists setting(name text primary key, value text not null);
  create table if not exists book(
    seq integer primary key autoincrement, at text not null, actor text not null, user text not null,
    reference text, cause text, operation text not null, type text not null, record text not null,
    number text, changes text not null, undone int not null default 0);
  create index if not exists book_by_reference on book(reference);
  create table if not exists snapshot(name text primary key, book_seq int not null);
  create table if not exists snapshot_record(
    name text not null, id text not null, type text not null, stamp text not null, deleted int not null,
    data text not null, primary key(name, id)) without rowid;
  create table if not exists snapshot_key(
    name text not null, type text not null, field text not null, value text not null, id text not null,
    primary key(name, type, field, value, id)) without rowid;
  create table if not exists snapshot_counter(
    name text not null, counter text not null, value int not null, primary key(name, counter)) without rowid;
`;

type Stored = { id: string; type: string; data: string };

/**
 * The org's database: one file, one transaction for each request. What was answered for survives the death of the process.
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  #depth = 0;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.#db = new DatabaseSync(join(dataDir, "org.sqlite"));
    this.#db.exec("pragma journal_mode = wal; pragma synchronous = normal;");
    this.#db.exec(TABLES);
  }

  /** All or nothing; inside of another one a part that can be undone alone. */
  transaction<T>(work: () => T): T {
    const name = `level${this.#depth}`;
    this.#db.exec(this.#depth === 0 ? "begin immediate" : `savepoint ${name}`);
    this.#depth++;
    try {
      const result = work();
      this.#depth--;
      this.#db.exec(this.#depth === 0 ? "commit" : `release ${name}`);
      return result;
    } catch (error) {
      this.#depth--;
      this.#db.exec(this.#depth === 0 ? "rollback" : `rollback to ${name}; release ${name}`);
      throw error;
    }
  }

  get(id: string): Row | undefined {
    const [row] = this.all<Stored>("select id, type, data from record where id = ?", id);
    return row && read(row);
  }

  put({ id, type, fields }: Row, keys: readonly Key[]): void {
    const stamp = String(fields["SystemModstamp"]);
    const deleted = fields["IsDeleted"] === true ? 1 : 0;
    this.run(
      `insert into record values(?, ?, ?, ?, ?)
       on conflict(id) do update set stamp = excluded.stamp, deleted = excluded.deleted, data = excluded.data`,
      id,
      type,
      stamp,
      deleted,
      JSON.stringify(fields),
    );
    this.run("delete from key where id = ?", id);
    for (const { field, value } of keys)
      this.run("insert or ignore into key values(?, ?, ?, ?)", type, field, value.toLowerCase(), id);
  }

  /** The records with this value in a field that records are found by, deleted ones too. */
  withKey(type: string, field: string, value: string): Row[] {
    return this.all<Stored>(
      `select r.id, r.type, r.data from key k join record r on r.id = k.id
       where k.type = ? and k.field = ? and k.value = ? order by r.id`,
      type,
      field,
      value.toLowerCase(),
    ).map(read);
  }

  /** The records of a type that carry this stamp or a later one, by stamp and id, each read when it is asked for. */
  *since(type: string, stamp: string): Generator<Row> {
    const found = this.#prepare(
      "select id, type, data from record where type = ? and stamp >= ? order by stamp, id",
    ).iterate(type, stamp);
    for (const row of found) yield read(row as Stored);
  }

  /** The records of a type that were changed last, the latest first. */
  latest(type: string, { most, deleted }: { most: number; deleted: boolean }): Row[] {
    return this.all<Stored>(
      "select id, type, data from record where type = ? and deleted <= ? order by stamp desc, id limit ?",
      type,
      deleted ? 1 : 0,
      most,
    ).map(read);
  }

  count(type: string): number {
    return this.all<{ n: number }>("select count(*) n from record where type = ? and deleted = 0", type)[0]!
      .n;
  }

  /** The next number of a series; after a restore a number is given again. */
  next(name: string): number {
    const [row] = this.all<{ value: number }>(
      `insert into counter values(?, 1) on conflict(name) do update set value = value + 1 returning value`,
      name,
    );
    return row!.value;
  }

  readSetting(name: string): unknown {
    const [row] = this.all<{ value: string }>("select value from setting where name = ?", name);
    return row && JSON.parse(row.value);
  }

  writeSetting(name: string, value: unknown): void {
    this.run("insert or replace into setting values(?, ?)", name, JSON.stringify(value));
  }

  snapshot(name: string): void {
    this.transaction(() => {
      for (const table of ["snapshot_record", "snapshot_key", "snapshot_counter"])
        this.run(`delete from ${table} where name = ?`, name);
      this.run("insert into snapshot_record select ?, id, type, stamp, deleted, data from record", name);
      this.run("insert into snapshot_key select ?, type, field, value, id from key", name);
      this.run("insert into snapshot_counter select ?, name, value from counter", name);
      this.run("insert or replace into snapshot select ?, coalesce(max(seq), 0) from book", name);
    });
  }

  /** Back to a snapshot, numbers and ids too. The book keeps what was, and says that it is undone. */
  restore(name: string): boolean {
    return this.transaction(() => {
      const [found] = this.all<{ book_seq: number }>("select book_seq from snapshot where name = ?", name);
      if (!found) return false;
      this.#db.exec("delete from record; delete from key; delete from counter");
      this.run(
        "insert into record select id, type, stamp, deleted, data from snapshot_record where name = ?",
        name,
      );
      this.run("insert into key select type, field, value, id from snapshot_key where name = ?", name);
      this.run("insert into counter select counter, value from snapshot_counter where name = ?", name);
      this.run("update book set undone = 1 where seq > ?", found.book_seq);
      return true;
    });
  }

  all<T>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql).all(...values) as T[];
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepare(sql).run(...values);
  }

  close(): void {
    this.#db.close();
  }

  #prepare(sql: string) {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}

function read({ id, type, data }: Stored): Row {
  return { id, type, fields: JSON.parse(data) as Record<string, Value> };
}
