import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";

const SCHEMA = `
  create table if not exists document (kind text, key text, body text not null, primary key (kind, key));
  create table if not exists agenda (
    id integer primary key autoincrement, at integer not null, work_order text, what text not null);
  create index if not exists agenda_at on agenda (at, id);
  create index if not exists agenda_order on agenda (work_order);
  create table if not exists message (
    id integer primary key autoincrement, reference text, work_order text, real_at integer not null, body text not null);
  create index if not exists message_reference on message (reference);
  create table if not exists feed (seq integer primary key, id text not null unique, at integer not null, body text not null);
  create table if not exists book (
    n integer primary key autoincrement, at integer not null, actor text not null, op text not null, reference text,
    work_order text, facts text not null, undone integer not null default 0);
  create index if not exists book_reference on book (reference);
  create table if not exists delivery (seq integer primary key, tries integer not null, due integer not null);
  create table if not exists kept (name text primary key, body text not null);
  create table if not exists snapshot (name text primary key, book integer not null, body text not null);
`;

/** What a backup of the product would hold, and a restore bring back. The book, settings and clock are not among it. */
const RESTORED = ["document", "agenda", "message", "feed"] as const;

type Value = string | number | null;

/**
 * All state in one SQLite file. One request, or one thing that happens on the floor, is one transaction; it outlives the
 * process once it has ended, and only then is anyone answered or told.
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #open = false;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.#db = new DatabaseSync(join(dataDir, "mes.sqlite"));
    this.#db.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000");
    this.#db.exec(SCHEMA);
  }

  close(): void {
    this.#db.close();
  }

  transact<Result>(work: () => Result): Result {
    if (this.#open) return work();
    this.#db.exec("begin immediate");
    this.#open = true;
    try {
      const result = work();
      this.#db.exec("commit");
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("rollback");
      throw error;
    } finally {
      this.#open = false;
    }
  }

  run(sql: string, ...values: Value[]): void {
    this.#statement(sql).run(...values);
  }

  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  one<Row>(sql: string, ...values: Value[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  /** A document of the plant, by kind and key: `order`, `workCenter`, `item`, `counter`, `course`. */
  get<Body>(kind: string, key: string): Body | undefined {
    const row = this.one<{ body: string }>("select body from document where kind = ? and key = ?", kind, key);
    return row && (JSON.parse(row.body) as Body);
  }

  put(kind: string, key: string, body: unknown): void {
    this.run(
      "insert into document values (?, ?, ?) on conflict do update set body = excluded.body",
      kind,
      key,
      JSON.stringify(body),
    );
  }

  remove(kind: string, key: string): void {
    this.run("delete from document where kind = ? and key = ?", kind, key);
  }

  list<Body>(kind: string): Body[] {
    return this.all<{ body: string }>("select body from document where kind = ? order by rowid", kind).map(
      ({ body }) => JSON.parse(body) as Body,
    );
  }

  /** The next number of a sequence; a restore gives numbers a second time. */
  nextNumber(name: string): number {
    const next = (this.get<number>("counter", name) ?? 0) + 1;
    this.put("counter", name, next);
    return next;
  }

  /** What no restore takes back: settings and the clock. */
  kept<Body>(name: string): Body | undefined {
    const row = this.one<{ body: string }>("select body from kept where name = ?", name);
    return row && (JSON.parse(row.body) as Body);
  }

  keep(name: string, body: unknown): void {
    this.run("insert or replace into kept values (?, ?)", name, JSON.stringify(body));
  }

  takeSnapshot(name: string): void {
    const tables = RESTORED.map((table) => [table, this.all(`select * from ${table}`)]);
    this.run(
      "insert or replace into snapshot select ?, coalesce(max(n), 0), ? from book",
      name,
      JSON.stringify(Object.fromEntries(tables)),
    );
  }

  /** Goes back as a restored database does; the book keeps what happened since, marked as undone. False: no such snapshot. */
  restoreSnapshot(name: string): boolean {
    const snapshot = this.one<{ book: number; body: string }>(
      "select book, body from snapshot where name = ?",
      name,
    );
    if (!snapshot) return false;
    const tables = JSON.parse(snapshot.body) as Record<string, Record<string, Value>[]>;
    for (const table of RESTORED) {
      this.run(`delete from ${table}`);
      for (const row of tables[table] ?? []) {
        const places = Object.keys(row).map(() => "?");
        this.run(
          `insert into ${table} (${Object.keys(row).join(", ")}) values (${places.join(", ")})`,
          ...Object.values(row),
        );
      }
    }
    this.run("update book set undone = 1 where n > ?", snapshot.book);
    this.run("delete from snapshot where book > ?", snapshot.book);
    this.run("delete from delivery where seq > (select coalesce(max(seq), 0) from feed)");
    return true;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}
