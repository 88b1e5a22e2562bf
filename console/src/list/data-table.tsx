import { Checkbox } from "@mantine/core";
import { IconArrowsSort } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Column } from "./column.ts";
import styles from "./data-table.module.css";

export interface Selection {
  readonly chosen: ReadonlySet<string>;
  readonly choose: (keys: ReadonlySet<string>) => void;
}

interface DataTableProps<Row> {
  /** What is listed, for those who hear the page. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Where a row leads; its first cell becomes the link, and the whole row can be pressed. */
  to?: (row: Row) => string;
  /** Shown where there is no row. */
  empty?: ReactNode;
  sorting?: { by: string | undefined; sortBy: (sort: string | undefined) => void };
  selection?: Selection;
}

/** A dense table. It scrolls sideways in itself where the page is too narrow for it. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, to, empty, sorting, selection } = props;
  const keys = rows.map(keyOf);
  if (rows.length === 0 && empty) return empty;
  return (
    <div className={styles["scroll"]} role="region" aria-label={label} tabIndex={0}>
      <table className={styles["table"]}>
        <thead>
          <tr>
            {selection && (
              <th className={styles["choice"]}>
                <ChooseAll keys={keys} selection={selection} />
              </th>
            )}
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} {...(sorting && { sorting })} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, n) => {
            const key = keys[n]!;
            return (
              <tr key={key} data-leads={to !== undefined || undefined}>
                {selection && (
                  <td className={styles["choice"]}>
                    <Checkbox
                      size="xs"
                      aria-label={`Choose ${key}`}
                      checked={selection.chosen.has(key)}
                      onChange={() => selection.choose(toggled(selection.chosen, key))}
                    />
                  </td>
                )}
                {columns.map((column, i) => (
                  <td key={column.key} data-align={column.align} data-narrow={column.narrow || undefined}>
                    {to && i === 0 ? (
                      <Link to={to(row)} className={styles["lead"]!}>
                        {column.cell(row)}
                      </Link>
                    ) : (
                      column.cell(row)
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function HeaderCell<Row>({
  column: { header, align, narrow, sort },
  sorting,
}: {
  column: Column<Row>;
  sorting?: NonNullable<DataTableProps<Row>["sorting"]>;
}) {
  if (sort === undefined || sorting === undefined) {
    return (
      <th scope="col" data-align={align} data-narrow={narrow || undefined}>
        {header}
      </th>
    );
  }
  const active = sorting.by === sort;
  return (
    <th
      scope="col"
      data-align={align}
      data-narrow={narrow || undefined}
      aria-sort={active ? "other" : undefined}
    >
      <button
        type="button"
        className={styles["sort"]}
        data-active={active || undefined}
        onClick={() => sorting.sortBy(active ? undefined : sort)}
      >
        {header}
        <IconArrowsSort size={13} aria-hidden />
      </button>
    </th>
  );
}

function ChooseAll({
  keys,
  selection: { chosen, choose },
}: {
  keys: readonly string[];
  selection: Selection;
}) {
  const all = keys.length > 0 && keys.every((key) => chosen.has(key));
  return (
    <Checkbox
      size="xs"
      aria-label="Choose all on this page"
      checked={all}
      indeterminate={!all && keys.some((key) => chosen.has(key))}
      onChange={() => choose(all ? new Set() : new Set(keys))}
    />
  );
}

function toggled(chosen: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(key)) next.add(key);
  return next;
}
