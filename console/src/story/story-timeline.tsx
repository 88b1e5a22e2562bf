import { useQuery } from "@tanstack/react-query";
import { type CSSProperties, useMemo, useState } from "react";

import { ask } from "../api/query.ts";
import { Arrows } from "./arrows.tsx";
import { EntryCard } from "./entry-card.tsx";
import { EntryDrawer } from "./entry-drawer.tsx";
import styles from "./story-timeline.module.css";
import { chainOf, type Entry, INTERLOCK, layOut, type StoryAnswer } from "./timeline.ts";
import { Time } from "../time/time.tsx";

/** What happened, a lane for each system, with arrows from cause to effect. An entry that is pointed at shows its whole chain. */
export function StoryTimeline({ story }: { story: StoryAnswer }) {
  const { data: systems } = useQuery(ask("/v1/systems"));
  const [pointed, setPointed] = useState<string>();
  const [opened, setOpened] = useState<Entry>();
  const timeline = useMemo(() => {
    const roles = new Map(systems?.items.map(({ system, role }) => [system, role]));
    return layOut(story, roles);
  }, [story, systems]);
  const { lanes, entries, causes } = timeline;
  const chain = useMemo(
    () => (pointed === undefined ? undefined : chainOf(causes, pointed)),
    [causes, pointed],
  );
  // One clock for the whole column: the first plant's that took part.
  const plant = story.events.find((event) => event.plant !== undefined)?.plant;
  const rowOf = new Map(entries.map(({ id }, row) => [id, row]));

  return (
    <div className={styles["scroll"]} tabIndex={0} role="region" aria-label="Timeline">
      <div className={styles["lanes"]} style={{ "--lanes": lanes.length } as CSSProperties}>
        <div className={styles["heads"]}>
          <span className={styles["head"]}>Recorded</span>
          {lanes.map((lane) => (
            <span key={lane} className={styles["head"]} data-own={lane === INTERLOCK || undefined}>
              {lane === INTERLOCK ? "Interlock" : lane}
            </span>
          ))}
        </div>
        <ol className={styles["rows"]}>
          <Arrows
            entries={entries}
            causes={causes}
            rowOf={rowOf}
            laneOf={(lane) => lanes.indexOf(lane)}
            chain={chain}
          />
          {entries.map((entry) => (
            <li key={entry.id} className={styles["row"]}>
              <span className={styles["at"]}>
                <Time at={entry.at} seconds plant={plant} />
              </span>
              <EntryCard
                entry={entry}
                lane={lanes.indexOf(entry.lane)}
                dimmed={chain !== undefined && !chain.has(entry.id)}
                open={() => setOpened(entry)}
                point={setPointed}
              />
            </li>
          ))}
        </ol>
      </div>
      {opened && <EntryDrawer entry={opened} close={() => setOpened(undefined)} />}
    </div>
  );
}
