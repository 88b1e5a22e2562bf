import { SegmentedControl, TextInput } from "@mantine/core";
import "@mantine/core/styles/FloatingIndicator.css";

import { missingOf, type Rights, RightsFields, rightsOf } from "../../account/rights.tsx";
import { ActionButton } from "../../action/action-button.tsx";
import { client } from "../../api/client.ts";
import type { Item } from "../../api/query.ts";
import type { Column } from "../../list/column.ts";
import { ListPage } from "../../list/list-page.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { wordsOf } from "../../state/tone.ts";
import { None, Time } from "../../time/time.tsx";

type Account = Item<"/v1/accounts">;

const COLUMNS: readonly Column<Account>[] = [
  { key: "id", header: "Account", cell: ({ id }) => id, narrow: true },
  { key: "name", header: "Name", cell: ({ name }) => name },
  {
    key: "roles",
    header: "May",
    cell: ({ kind, roles, system }) =>
      kind === "service" ? `tells the events of ${system ?? "?"}` : roles.map(wordsOf).join(", ") || <None />,
  },
  { key: "plants", header: "Plants", cell: ({ plants }) => plants?.join(", ") ?? "all" },
  {
    key: "state",
    header: "State",
    cell: ({ disabledAt, lockedUntil }) =>
      disabledAt !== null ? (
        <StateBadge state="closed" label="Disabled" />
      ) : lockedUntil !== null ? (
        <StateBadge state="blocked" label="Locked" why="After too many wrong passwords." />
      ) : (
        <StateBadge state="healthy" label="Active" />
      ),
    narrow: true,
  },
  {
    key: "seen",
    header: "Signed in",
    cell: ({ signedInAt }) => <Time at={signedInAt} />,
    align: "right",
    narrow: true,
  },
];

/** Who may do what here: people and services. */
export function Accounts() {
  return (
    <ListPage
      title="Accounts"
      intro="People and services, with what each may. Every change of rights is in the audit."
      path="/v1/accounts"
      filters={[]}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      to={({ id }) => `/accounts/${encodeURIComponent(id)}`}
      empty={{ title: "No account", text: "The first one is made at the hub's first start." }}
      tools={<MakeAccount />}
    />
  );
}

function MakeAccount() {
  return (
    <ActionButton<Rights & { id: string }>
      label="Make an account"
      permission="account.admin"
      weight="primary"
      title="Make an account"
      consequence="A person signs in first by a link that you make on the account's page; a service gets a token there."
      initial={{ id: "", kind: "person", name: "", roles: ["viewer"], plants: [], system: null }}
      fields={(values, set) => (
        <>
          <SegmentedControl
            size="xs"
            aria-label="Kind of account"
            value={values.kind}
            onChange={(kind) =>
              set(
                kind === "service"
                  ? { kind, roles: [] }
                  : { kind: "person", system: null, roles: ["viewer"] },
              )
            }
            data={[
              { value: "person", label: "A person" },
              { value: "service", label: "A service" },
            ]}
          />
          <TextInput
            label="Account"
            description="anna.keller: it stands in the ledger beside everything it does."
            required
            value={values.id}
            onChange={(event) => set({ id: event.currentTarget.value })}
            data-autofocus
          />
          <RightsFields values={values} set={set} />
        </>
      )}
      missing={(values) => (values.id.trim() === "" ? "The account needs an id." : missingOf(values))}
      submit="Make it"
      run={({ id, kind, reason, ...rights }) =>
        client.POST("/v1/accounts", {
          body: { id: id.trim(), kind, reason, ...rightsOf({ kind, ...rights }) },
        })
      }
      done="It is made."
    />
  );
}
