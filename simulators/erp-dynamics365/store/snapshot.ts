import { Refusal } from "../refusal.ts";
import type { Store } from "./store.ts";

/** Remembers everything that a backup would hold: all rows with their versions, number sequences and events. */
export function takeSnapshot(store: Store, name: string): void {
  if (!/^[\w.-]{1,60}$/.test(name))
    throw new Refusal("InvalidName", "a snapshot's name has 1 to 60 letters, digits, . _ -");
  store.transact(() => {
    store.statement("delete from snapshot_record where name = ?").run(name);
    store.statement("delete from snapshot_sequence where name = ?").run(name);
    store.statement("insert into snapshot_sequence select ?, name, value from sequence").run(name);
    for (const records of store.allRecords())
      store
        .statement(
          `insert into snapshot_record (name, records, recid, key, version, body)
           select ?, '${records}', recid, key, version, body from ${records}`,
        )
        .run(name);
    store
      .statement(
        `insert or replace into snapshot (name, book, event, seq) values (?,
           (select coalesce(max(seq), 0) from book), (select coalesce(max(control), 0) from business_event),
           (select coalesce(max(seq), 0) + 1 from snapshot))`,
      )
      .run(name);
  });
}

/**
 * Goes back to a snapshot, as a restored database does: numbers are given again, events are forgotten, later
 * snapshots with them. The book keeps what happened since, marked as undone.
 */
export function restoreSnapshot(store: Store, name: string): void {
  store.transact(() => {
    const snapshot = store.statement("select book, event, seq from snapshot where name = ?").get(name) as
      | { book: number; event: number; seq: number }
      | undefined;
    if (!snapshot)
      throw new Refusal(
        "UnknownSnapshot",
        `there is no snapshot ${name}; make it with PUT /admin/snapshots/${name}`,
        {
          status: 404,
        },
      );
    store.empty();
    store
      .statement("insert into sequence select sequence, value from snapshot_sequence where name = ?")
      .run(name);
    for (const records of store.allRecords())
      store
        .statement(
          `insert into ${records} (recid, key, version, body)
           select recid, key, version, body from snapshot_record where name = ? and records = '${records}'`,
        )
        .run(name);
    store.statement("delete from business_event where control > ?").run(snapshot.event);
    store.statement("update book set undone = 1 where seq > ?").run(snapshot.book);
    for (const table of ["snapshot_record", "snapshot_sequence"])
      store
        .statement(`delete from ${table} where name in (select name from snapshot where seq > ?)`)
        .run(snapshot.seq);
    store.statement("delete from snapshot where seq > ?").run(snapshot.seq);
  });
}
