import { ActionButton } from "../action/action-button.tsx";
import { client } from "../api/client.ts";
import type { Item } from "../api/query.ts";
import { DataTable } from "../list/data-table.tsx";
import { StateBadge } from "../state/state-badge.tsx";
import { Due, Time } from "../time/time.tsx";
import styles from "./token-table.module.css";

type Token = Item<"/v1/tokens">;

/** API tokens: what each is for, how long it holds, when it was last used. */
export function TokenTable({ tokens }: { tokens: readonly Token[] }) {
  return (
    <DataTable
      label="API tokens"
      rows={tokens}
      keyOf={({ id }) => id}
      empty={<p className={styles["empty"]}>No token yet. A program needs one to call the API.</p>}
      columns={[
        { key: "name", header: "For", cell: ({ name }) => name },
        {
          key: "permissions",
          header: "Carries",
          cell: ({ permissions }) => (
            <span title={permissions.join(", ")}>{permissions.length} permissions</span>
          ),
          narrow: true,
        },
        {
          key: "used",
          header: "Last used",
          cell: ({ usedAt }) => <Time at={usedAt} />,
          align: "right",
          narrow: true,
        },
        {
          key: "expires",
          header: "Expires",
          cell: ({ expiresAt, revokedAt }) =>
            revokedAt === null ? <Due at={expiresAt} /> : <StateBadge state="cancelled" label="Revoked" />,
          align: "right",
          narrow: true,
        },
        {
          key: "revoke",
          header: "",
          cell: ({ id, name, revokedAt }) => (
            <ActionButton
              label="Revoke"
              weight="grave"
              permission="token.own"
              refusal={revokedAt === null ? null : "It is revoked."}
              title={`Revoke “${name}”`}
              consequence="Whoever shows it is refused from now on."
              submit="Revoke"
              run={({ reason }) =>
                client.POST("/v1/tokens/{id}/revoke", { params: { path: { id } }, body: { reason } })
              }
              done="It is revoked."
            />
          ),
          align: "right",
          narrow: true,
        },
      ]}
    />
  );
}
