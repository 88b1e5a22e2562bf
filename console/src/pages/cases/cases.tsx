import { useQuery } from "@tanstack/react-query";

import { ask, type Item } from "../../api/query.ts";
import { Path } from "../../code/path.tsx";
import type { Column } from "../../list/column.ts";
import { choice, textFilter } from "../../list/filter.ts";
import { ListPage } from "../../list/list-page.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { capital, wordsOf } from "../../state/tone.ts";
import { Age, Due, None } from "../../time/time.tsx";

type Case = Item<"/v1/cases">;

const TEAMS = ["it", "plant-operations", "customer-service", "finance", "quality"];

const COLUMNS: readonly Column<Case>[] = [
  { key: "title", header: "Case", cell: ({ title }) => capital(title) },
  { key: "subject", header: "Object", cell: ({ subject }) => <Path of={subject} /> },
  {
    key: "owner",
    header: "Team",
    cell: ({ owner, assignee }) => (assignee ? `${wordsOf(owner)}, ${assignee}` : wordsOf(owner)),
    narrow: true,
  },
  { key: "plant", header: "Plant", cell: ({ plant }) => plant ?? <None />, narrow: true },
  {
    key: "state",
    header: "State",
    cell: ({ state }) => <StateBadge state={state} />,
    narrow: true,
  },
  {
    key: "opened",
    header: "Open for",
    cell: ({ openedAt, plant, state }) =>
      state === "open" ? <Age since={openedAt} plant={plant} /> : <None />,
    align: "right",
    narrow: true,
  },
  {
    key: "due",
    header: "Answer due",
    cell: ({ slaAt, plant, state }) => (state === "open" ? <Due at={slaAt} plant={plant} /> : <None />),
    align: "right",
    narrow: true,
  },
];

/** What people must settle, by team. */
export function Cases() {
  const { data: plants } = useQuery(ask("/v1/plants", undefined, { fresh: "once" }));
  return (
    <ListPage
      title="Cases"
      intro="What Interlock does not decide by itself: each belongs to a team and waits for it."
      path="/v1/cases"
      filters={[
        textFilter("object", "The object in question", "Object, kind/number …"),
        choice("owner", "Team", TEAMS),
        choice("state", "State", ["open", "closed"], "open"),
        choice(
          "plant",
          "Plant",
          (plants?.items ?? []).map(({ plant, name }) => ({ value: plant, label: name })),
        ),
        textFilter("assignee", "The person", "Person …"),
      ]}
      columns={COLUMNS}
      keyOf={({ id }) => String(id)}
      to={({ id }) => `/cases/${id}`}
      empty={{
        title: "No open case",
        text: "Everything that came was settled by itself. A case opens when a system refuses something, when systems disagree, or when something that is due does not come.",
      }}
    />
  );
}
