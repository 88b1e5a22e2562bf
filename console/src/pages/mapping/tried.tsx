import type { paths } from "../../api/schema.d.ts";
import { Json } from "../../code/json.tsx";
import { DataTable } from "../../list/data-table.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import styles from "./mapping.module.css";

type Result = paths["/v1/mappings/try"]["post"]["responses"][200]["content"]["application/json"];

/** What came out, what its contract says of it, and where each field came from. */
export function Tried({ result: { output, problem, contract, sources } }: { result: Result }) {
  if (problem) {
    const { message, line, column, field } = problem;
    const place = [line && `line ${line}`, column && `column ${column}`, field && `field ${field}`];
    return (
      <div className={styles["result"]}>
        <StateBadge state="rejected" label="It fails" />
        <p>{message}</p>
        <p className={styles["note"]}>{place.filter(Boolean).join(", ")}</p>
      </div>
    );
  }
  return (
    <div className={styles["result"]}>
      {contract && (
        <div>
          <StateBadge
            state={contract.ok ? "admitted" : "quarantined"}
            label={contract.ok ? `As ${contract.type} wants it` : `Not as ${contract.type} wants it`}
          />
          {contract.problems.map(({ pointer, message }) => (
            <p key={pointer + message}>
              <code>{pointer || "/"}</code> {message}
            </p>
          ))}
        </div>
      )}
      <Json value={output} label="What came out" />
      {sources.length > 0 && (
        <DataTable
          label="Where each field came from"
          rows={sources}
          keyOf={({ pointer }) => pointer}
          columns={[
            { key: "pointer", header: "Field", cell: ({ pointer }) => <code>{pointer}</code> },
            {
              key: "from",
              header: "Holds the same value as",
              cell: ({ from }) => (from.length === 0 ? "worked out" : <code>{from.join(", ")}</code>),
            },
          ]}
        />
      )}
    </div>
  );
}
