import { useQuery } from "@tanstack/react-query";

import { MakeToken } from "../../account/make-token.tsx";
import { TokenTable } from "../../account/token-table.tsx";
import { ask } from "../../api/query.ts";
import { Facts } from "../../detail/facts.tsx";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { DataTable } from "../../list/data-table.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";
import { usePlace } from "../../place.ts";
import { StateBadge } from "../../state/state-badge.tsx";
import { wordsOf } from "../../state/tone.ts";
import { None, Time } from "../../time/time.tsx";
import { AccountActions } from "./account-actions.tsx";

/** One account: what it may, where it is signed in, which tokens it has. */
export function Account() {
  const id = usePlace().params["account"] ?? "";
  const { data, error } = useQuery(ask("/v1/accounts/{id}", { params: { path: { id } } }));
  if (error && !data) return <Fault error={error} />;
  if (!data) return <Loading />;
  const { name, kind, roles, plants, system, issuer, hasPassword, lockedUntil, disabledAt } = data;
  return (
    <>
      <PageHeader
        back={{ to: "/accounts", title: "Accounts" }}
        title={name}
        state={disabledAt !== null && <StateBadge state="closed" label="Disabled" />}
        intro={`${id} · ${kind === "person" ? "a person" : "a service"}`}
        actions={<AccountActions of={data} />}
      />
      <Panel title="What it may">
        <Facts
          of={{
            Roles: roles.map(wordsOf).join(", ") || null,
            Plants: plants?.join(", ") ?? "all",
            System: system ?? undefined,
            "Vouched for by": issuer ?? undefined,
            Password: kind === "person" ? (hasPassword ? "set" : "not set") : undefined,
            "Locked until": lockedUntil ? <Time at={lockedUntil} /> : undefined,
            Made: <Time at={data.createdAt} />,
            "Signed in": <Time at={data.signedInAt} />,
          }}
        />
      </Panel>
      <Panel title="API tokens" flush aside={<MakeToken account={id} />}>
        <TokenTable tokens={data.tokens} />
      </Panel>
      <Panel title="Signed in" flush>
        <DataTable
          label="Sessions"
          rows={data.sessions}
          keyOf={(session) => session.id}
          empty={<None />}
          columns={[
            { key: "way", header: "By", cell: ({ way }) => wordsOf(way) },
            { key: "began", header: "Since", cell: ({ beganAt }) => <Time at={beganAt} />, align: "right" },
            { key: "seen", header: "Last seen", cell: ({ seenAt }) => <Time at={seenAt} />, align: "right" },
            {
              key: "expires",
              header: "Ends",
              cell: ({ expiresAt }) => <Time at={expiresAt} />,
              align: "right",
            },
          ]}
        />
      </Panel>
    </>
  );
}
