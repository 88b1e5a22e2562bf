import { Button } from "@mantine/core";
import { IconDownload, IconInbox } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { ask, type Item } from "../../api/query.ts";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import type { Column } from "../../list/column.ts";
import { DataTable } from "../../list/data-table.tsx";
import { askedOf, choice, textFilter } from "../../list/filter.ts";
import { FilterBar } from "../../list/filter-bar.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { Notice } from "../../notice/notice.tsx";
import { usePlace } from "../../place.ts";
import styles from "./contracts.module.css";

type Contract = Item<"/v1/contracts">;

const KINDS = [
  { kind: "event", title: "Events", words: "what has happened" },
  { kind: "effect", title: "Effects", words: "what a system shall do" },
  { kind: "query", title: "Queries", words: "what a system is asked" },
  { kind: "record", title: "Records", words: "what is known of a thing" },
] as const;

const COLUMNS: readonly Column<Contract>[] = [
  { key: "name", header: "Contract", cell: ({ name }) => name, narrow: true },
  {
    key: "versions",
    header: "Version",
    cell: ({ major, versions }) =>
      versions.length > 1 ? `${major} of ${versions.join(", ")}` : String(major),
    align: "right",
    narrow: true,
  },
  { key: "description", header: "What it says", cell: ({ description }) => description },
];
const TOLD_BY: Column<Contract> = {
  key: "owners",
  header: "Told by",
  cell: ({ owners }) => owners.join(", "),
  narrow: true,
};

const FILTERS = [
  textFilter("search", "Search in names and descriptions", "Name or description …"),
  choice("kind", "Kind", ["event", "effect", "query", "record"]),
  choice("owner", "Told by", ["crm", "erp", "mes", "wms", "plm", "qms", "interlock"]),
];

/** Every contract: what may be said here, by whom, in which words. A kind is unfolded by hand, or by looking for something. */
export function Contracts() {
  const { search } = usePlace();
  const query = askedOf(FILTERS, search);
  const { data, error, isPlaceholderData, refetch } = useQuery(
    ask("/v1/contracts", { params: { query } } as never, { fresh: "once" }),
  );
  const narrowed = Object.keys(query).length > 0;
  return (
    <>
      <PageHeader
        title="Contracts"
        intro="What systems may say to each other here. Released versions never change."
      />
      <Panel flush busy={isPlaceholderData}>
        <FilterBar filters={FILTERS}>
          <Download href="/v1/openapi.json" name="openapi.json" label="OpenAPI" />
          <Download href="/v1/asyncapi.json" name="asyncapi.json" label="AsyncAPI" />
        </FilterBar>
        {!data && (error ? <Fault error={error} again={() => void refetch()} /> : <Loading />)}
        {data?.items.length === 0 && (
          <Notice icon={IconInbox} title={narrowed ? "Nothing matches these filters" : "No contract"}>
            {narrowed
              ? "Clear a filter, or look for another word."
              : "This hub was started without contracts."}
          </Notice>
        )}
        {KINDS.map(({ kind, title, words }) => {
          const contracts = data?.items.filter((contract) => contract.kind === kind) ?? [];
          if (contracts.length === 0) return null;
          return (
            <details key={kind} className={styles["kind"]} open={narrowed}>
              <summary className={styles["head"]}>
                <h2 className={styles["title"]}>{title}</h2>
                <span className={styles["words"]}>
                  {contracts.length} · {words}
                </span>
              </summary>
              <DataTable
                label={title}
                columns={kind === "event" ? [...COLUMNS, TOLD_BY] : COLUMNS}
                rows={contracts}
                keyOf={({ name, major }) => `${name}/${major}`}
                to={({ name, major }) => `/contracts/${kind}/${encodeURIComponent(name)}/${major}`}
              />
            </details>
          );
        })}
      </Panel>
    </>
  );
}

function Download({ href, name, label }: { href: string; name: string; label: string }) {
  return (
    <Button
      component="a"
      href={href}
      download={name}
      variant="default"
      leftSection={<IconDownload size={14} aria-hidden />}
    >
      {label}
    </Button>
  );
}
