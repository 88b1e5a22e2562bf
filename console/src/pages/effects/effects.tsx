import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { ask, type Item } from "../../api/query.ts";
import { Path } from "../../code/path.tsx";
import type { Column } from "../../list/column.ts";
import { choice, textFilter } from "../../list/filter.ts";
import { ListPage } from "../../list/list-page.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { Due, None } from "../../time/time.tsx";
import { Bulk } from "./bulk.tsx";

export type Lane = Item<"/v1/lanes">;

const COLUMNS: readonly Column<Lane>[] = [
  { key: "lane", header: "Lane", cell: ({ lane }) => <Path of={lane} /> },
  { key: "system", header: "System", cell: ({ system }) => system, narrow: true },
  { key: "state", header: "State", cell: ({ state }) => <StateBadge state={state} />, narrow: true },
  { key: "why", header: "Why it does not move", cell: ({ why }) => why ?? <None /> },
  { key: "attempt", header: "Calls", cell: ({ attempt }) => attempt, align: "right", narrow: true },
  {
    key: "wake",
    header: "Next try",
    cell: ({ wakeAt, state }) => (state === "parked" ? "waits for a person" : <Due at={wakeAt} />),
    align: "right",
    narrow: true,
  },
  {
    key: "waiting",
    header: "Behind it",
    cell: ({ waiting }) => (waiting === 0 ? <None /> : waiting),
    align: "right",
    narrow: true,
  },
];

/** Changes in other systems that have not ended yet: a lane for each object of each system, and what holds it. */
export function Effects() {
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const { data: systems } = useQuery(ask("/v1/systems", undefined, { fresh: "once" }));
  return (
    <ListPage
      title="Effects"
      intro="Changes that are to be made in other systems and have not ended. Those on one object go out in order; a lane that is held does not hold up the others."
      path="/v1/lanes"
      filters={[
        textFilter("lane", "The target's object", "Lane, kind/number …"),
        choice("state", "State", ["parked", "unknown", "ready", "sending", "accepted"]),
        choice(
          "system",
          "System",
          (systems?.items ?? []).map(({ system }) => ({ value: system, label: system })),
        ),
      ]}
      columns={COLUMNS}
      keyOf={({ head }) => head}
      to={({ head }) => `/effects/${head}`}
      selection={{ chosen, choose }}
      tools={<Bulk chosen={[...chosen]} done={() => choose(new Set())} />}
      empty={{
        title: "Nothing waits",
        text: "Everything that was to be changed in another system has been changed there, or was ended by a person.",
      }}
    />
  );
}
