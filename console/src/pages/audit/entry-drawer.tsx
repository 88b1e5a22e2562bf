import { Drawer } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { Json } from "../../code/json.tsx";
import { Facts } from "../../detail/facts.tsx";
import { Time } from "../../time/time.tsx";
import type { Entry } from "./answer.ts";

/** One thing that was done, whole. */
export function EntryDrawer({ entry, close }: { entry: Entry; close: () => void }) {
  const { seq, at, actor, what, object, reason, plant, correlation, detail } = entry;
  return (
    <Drawer opened onClose={close} title={`${what}, event #${seq}`}>
      <Facts
        compact
        of={{
          Who: actor,
          When: <Time at={at} plant={plant} seconds />,
          "To what": object,
          Why: reason,
          Plant: plant,
          Story: <Link to={`/story/${encodeURIComponent(correlation)}`}>{correlation}</Link>,
        }}
      />
      <Json value={detail} label="What was kept" />
    </Drawer>
  );
}
