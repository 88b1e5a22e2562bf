import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";

import type { Item } from "../../api/query.ts";
import type { Column } from "../../list/column.ts";
import { choice, textFilter } from "../../list/filter.ts";
import { ListPage } from "../../list/list-page.tsx";
import { wordsOf } from "../../state/tone.ts";
import { None } from "../../time/time.tsx";

type Contract = Item<"/v1/contracts">;

const COLUMNS: readonly Column<Contract>[] = [
  { key: "name", header: "Contract", cell: ({ name }) => name, narrow: true },
  { key: "kind", header: "Kind", cell: ({ kind }) => wordsOf(kind), narrow: true },
  {
    key: "versions",
    header: "Version",
    cell: ({ major, versions }) =>
      versions.length > 1 ? `${major} of ${versions.join(", ")}` : String(major),
    align: "right",
    narrow: true,
  },
  { key: "description", header: "What it says", cell: ({ description }) => description },
  { key: "owners", header: "Told by", cell: ({ owners }) => owners.join(", ") || <None />, narrow: true },
];

const FILTERS = [
  textFilter("search", "Search in names and descriptions", "Name or description …"),
  choice("kind", "Kind", ["event", "effect", "query", "record"]),
  choice("owner", "Told by", ["crm", "erp", "mes", "wms", "plm", "qms", "interlock"]),
];

/** Every contract: what may be said here, by whom, in which words. */
export function Contracts() {
  return (
    <ListPage
      title="Contracts"
      intro="What systems may say to each other here. Released versions never change."
      path="/v1/contracts"
      filters={FILTERS}
      columns={COLUMNS}
      keyOf={({ kind, name, major }) => `${kind}/${name}/${major}`}
      to={({ kind, name, major }) => `/contracts/${kind}/${encodeURIComponent(name)}/${major}`}
      empty={{ title: "No contract", text: "This hub was started without contracts." }}
      tools={
        <>
          <Download href="/v1/openapi.json" name="openapi.json" label="OpenAPI" />
          <Download href="/v1/asyncapi.json" name="asyncapi.json" label="AsyncAPI" />
        </>
      }
    />
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
