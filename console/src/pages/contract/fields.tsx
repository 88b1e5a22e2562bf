import { DataTable } from "../../list/data-table.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { None } from "../../time/time.tsx";
import type { ContractAnswer } from "./answer.ts";
import { fieldsOf } from "./schema-fields.ts";

/** What a document holds, field by field. */
export function Fields({ contract }: { contract: ContractAnswer }) {
  return (
    <DataTable
      label="Fields"
      rows={fieldsOf(contract)}
      keyOf={({ path }) => path}
      columns={[
        { key: "path", header: "Field", cell: ({ path }) => <code>{path}</code> },
        { key: "type", header: "Type", cell: ({ type }) => type },
        {
          key: "required",
          header: "",
          cell: ({ required, personal }) =>
            personal ? (
              <StateBadge
                state="personal"
                tone="doubt"
                why="A personal field: the ledger keeps it so that it can be redacted."
              />
            ) : required ? (
              "required"
            ) : null,
          narrow: true,
        },
        { key: "description", header: "Meaning", cell: ({ description }) => description ?? <None /> },
      ]}
    />
  );
}
