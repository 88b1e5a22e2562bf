import { Button } from "@mantine/core";
import { IconDownload, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { ask, type Item } from "../../api/query.ts";
import type { Column } from "../../list/column.ts";
import { choice, textFilter } from "../../list/filter.ts";
import { ListPage } from "../../list/list-page.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { sentenceOf } from "../../story/timeline.ts";
import { None, Time } from "../../time/time.tsx";
import { AddRow } from "./add-row.tsx";
import styles from "./crosswalks.module.css";
import { Unmapped } from "./unmapped.tsx";

type Row = Item<"/v1/crosswalks/rows">;

const COLUMNS: readonly Column<Row>[] = [
  { key: "native", header: "There", cell: ({ native }) => <code>{native}</code> },
  {
    key: "canonical",
    header: "Here",
    cell: ({ canonical, preferred }) => (
      <span className={styles["here"]}>
        <code>{canonical}</code>
        {preferred && (
          <StateBadge
            state="preferred"
            tone="good"
            why="Of several native values with this meaning, the one that is written."
          />
        )}
      </span>
    ),
  },
  { key: "kind", header: "Kind", cell: ({ kind }) => sentenceOf(kind), narrow: true },
  {
    key: "system",
    header: "System",
    cell: ({ system }) => (system === "*" ? "every system" : system),
    narrow: true,
  },
  {
    key: "origin",
    header: "From",
    cell: ({ origin, reason }) =>
      origin === "file" ? (
        "a file in git"
      ) : (
        <StateBadge state="entry" tone="late" label="added here" why={`${reason}. Not in a file yet.`} />
      ),
    narrow: true,
  },
  { key: "actor", header: "By", cell: ({ actor }) => actor ?? <None />, narrow: true },
  { key: "at", header: "Since", cell: ({ addedAt }) => <Time at={addedAt} />, align: "right", narrow: true },
];

/** What a thing is called in each system, and what nobody has said yet though messages wait for it. */
export function Crosswalks() {
  const { data: tables } = useQuery(ask("/v1/crosswalks"));
  const systems = [...new Set((tables?.items ?? []).map(({ system }) => system))];
  const kinds = [...new Set((tables?.items ?? []).map(({ kind }) => kind))].toSorted();
  return (
    <ListPage
      title="Crosswalks"
      intro="What a thing is called there, and here: ids, units, statuses, locations, reason codes."
      path="/v1/crosswalks/rows"
      filters={[
        textFilter("search", "Search in both values", "A value …"),
        choice(
          "system",
          "System",
          systems.map((value) => ({ value, label: value === "*" ? "every system" : value })),
        ),
        choice(
          "kind",
          "Kind",
          kinds.map((value) => ({ value, label: sentenceOf(value) })),
        ),
        choice("origin", "From", [
          { value: "file", label: "a file in git" },
          { value: "entry", label: "added here" },
        ]),
      ]}
      columns={COLUMNS}
      keyOf={({ system, kind, native }) => `${system} ${kind} ${native}`}
      empty={{
        title: "No row yet",
        text: "Rows come from the project's crosswalks/*.csv, or are added here.",
      }}
      tools={
        <>
          <Button
            component="a"
            href="/v1/crosswalks/export"
            download="entries.csv"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
          >
            Added here, as CSV
          </Button>
          <AddRow label="Add a row" icon={<IconPlus size={14} />} />
        </>
      }
    >
      <Unmapped />
    </ListPage>
  );
}
