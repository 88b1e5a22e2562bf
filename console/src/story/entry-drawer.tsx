import { Drawer } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { Json } from "../code/json.tsx";
import { Facts } from "../detail/facts.tsx";
import { StateBadge } from "../state/state-badge.tsx";
import { Time } from "../time/time.tsx";
import styles from "./entry-drawer.module.css";
import { NativeMessage } from "./native-message.tsx";
import { type Entry, nameOf, sentenceOf, type StoryEffect, type StoryEvent } from "./timeline.ts";
import { EffectContent } from "./effect-content.tsx";

/** One entry with all that is known of it: what its system said in its own words, and what Interlock understood. */
export function EntryDrawer({ entry, close }: { entry: Entry; close: () => void }) {
  const type = entry.kind === "event" ? entry.event.type : entry.effect.type;
  return (
    <Drawer opened onClose={close} size="70rem" title={sentenceOf(nameOf(type))}>
      {entry.kind === "event" ? <EventContent event={entry.event} /> : <Effect effect={entry.effect} />}
    </Drawer>
  );
}

function EventContent({ event }: { event: StoryEvent }) {
  const { source, type, subject, time, recordedtime, seq, plant, causationid, actor, reason } = event;
  return (
    <div className={styles["content"]}>
      <Facts
        of={{
          About: subject,
          "Told by": actor ?? source.replace("/systems/", ""),
          Reason: reason,
          "Happened at": <Time at={time} plant={plant} seconds />,
          "Recorded at": <Time at={recordedtime} plant={plant} seconds />,
          Position: `#${seq}`,
          Plant: plant,
          "Follows from": causationid,
          Type: type,
        }}
      />
      <div className={styles["sides"]}>
        <section>
          <h3 className={styles["heading"]}>As it was sent</h3>
          <NativeMessage event={event} />
        </section>
        <section>
          <h3 className={styles["heading"]}>What it means here</h3>
          <Json value={event.data} label="Canonical content" />
        </section>
      </div>
    </div>
  );
}

function Effect({ effect }: { effect: StoryEffect }) {
  const { reference, system, lane, state, why, process, key, createdAt, endedAt, plant, attempt } = effect;
  return (
    <div className={styles["content"]}>
      <Facts
        of={{
          State: <StateBadge state={state} why={why} />,
          "Sent to": `${system}, ${lane}`,
          Reference: <Link to={`/effects/${reference}`}>{reference}</Link>,
          "Intended by": `${process} ${key}`,
          Calls: attempt,
          Since: <Time at={createdAt} plant={plant} seconds />,
          "Ended at": <Time at={endedAt} plant={plant} seconds />,
        }}
      />
      <EffectContent reference={reference} />
    </div>
  );
}
