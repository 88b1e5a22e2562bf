import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";

import { Path } from "../../code/path.tsx";
import type { Column } from "../../list/column.ts";
import { askedOf, textFilter } from "../../list/filter.ts";
import { ListPage } from "../../list/list-page.tsx";
import { usePlace } from "../../place.ts";
import { None, Time } from "../../time/time.tsx";
import type { Entry } from "./answer.ts";
import { Chain } from "./chain.tsx";
import { EntryDrawer } from "./entry-drawer.tsx";
import styles from "./audit.module.css";

const FILTERS = [
  textFilter("object", "What it was done to", "Object, kind/number …"),
  textFilter("actor", "Who did it", "Account …"),
  textFilter("what", "What was done", "Event, by its name …"),
  textFilter("plant", "Plant", "Plant …"),
];

/** Who did what, when and why, and up to where the ledger is proven to be as it was written. */
export function Audit() {
  const { search } = usePlace();
  const [shown, show] = useState<Entry>();
  const columns: readonly Column<Entry>[] = [
    {
      key: "what",
      header: "What",
      cell: (entry) => (
        <button type="button" className={styles["what"]} onClick={() => show(entry)}>
          {words(entry.what)}
          {changeOf(entry)}
        </button>
      ),
      narrow: true,
    },
    { key: "actor", header: "Who", cell: ({ actor }) => actor, narrow: true },
    { key: "object", header: "To what", cell: ({ object }) => <Path of={object} /> },
    { key: "reason", header: "Why", cell: ({ reason }) => reason ?? <None /> },
    { key: "plant", header: "Plant", cell: ({ plant }) => plant ?? <None />, narrow: true },
    {
      key: "at",
      header: "When",
      cell: ({ at, plant }) => <Time at={at} plant={plant} seconds />,
      align: "right",
      narrow: true,
    },
    { key: "seq", header: "Event", cell: ({ seq }) => `#${seq}`, align: "right", narrow: true },
  ];
  return (
    <>
      <ListPage
        title="Audit"
        intro="What people did, in their own words, from the ledger."
        path="/v1/audit"
        filters={FILTERS}
        columns={columns}
        keyOf={({ seq }) => String(seq)}
        empty={{
          title: "Nobody has done anything yet",
          text: "Everything a person does here is kept with their account, the time and the reason.",
        }}
        tools={
          <>
            <Export format="csv" label="CSV" asked={askedOf(FILTERS, search)} />
            <Export format="jsonl" label="JSON lines" asked={askedOf(FILTERS, search)} />
          </>
        }
      >
        <Chain />
      </ListPage>
      {shown && <EntryDrawer entry={shown} close={() => show(undefined)} />}
    </>
  );
}

/** The whole list as it is filtered, not only the page that is shown. */
function Export({
  format,
  label,
  asked,
}: {
  format: "csv" | "jsonl";
  label: string;
  asked: Record<string, string>;
}) {
  return (
    <Button
      component="a"
      href={`/v1/audit/export?${new URLSearchParams({ ...asked, format }).toString()}`}
      download={`audit.${format}`}
      variant="default"
      leftSection={<IconDownload size={14} aria-hidden />}
    >
      {label}
    </Button>
  );
}

/** What was changed of an account, which action was taken on a case. */
function changeOf({ detail }: Entry): string {
  const { change, action } = detail as { change?: string; action?: string };
  const what = change ?? action;
  return what === undefined ? "" : `: ${what.replaceAll("-", " ")}`;
}

/** `CaseActionTaken` is read as "Case action taken". */
function words(name: string): string {
  const spaced = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, " ").toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
