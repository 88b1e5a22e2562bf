import { IconArrowNarrowRight, IconUser } from "@tabler/icons-react";

import type { CSSProperties } from "react";

import { StateBadge } from "../state/state-badge.tsx";
import styles from "./entry-card.module.css";
import { type Entry, nameOf, sentenceOf } from "./timeline.ts";

interface EntryCardProps {
  entry: Entry;
  /** Which lane, from the left. */
  lane: number;
  dimmed: boolean;
  open: () => void;
  point: (id: string | undefined) => void;
}

export function EntryCard({ entry, lane, dimmed, open, point }: EntryCardProps) {
  return (
    <button
      type="button"
      className={styles["card"]}
      style={{ "--lane": lane } as CSSProperties}
      data-kind={entry.kind}
      data-dimmed={dimmed || undefined}
      onClick={open}
      onMouseEnter={() => point(entry.id)}
      onMouseLeave={() => point(undefined)}
      onFocus={() => point(entry.id)}
      onBlur={() => point(undefined)}
    >
      {entry.kind === "event" ? <Told entry={entry} /> : <Sent entry={entry} />}
    </button>
  );
}

function Told({ entry: { event } }: { entry: Extract<Entry, { kind: "event" }> }) {
  const words = event.actor === undefined ? event.says : `${event.actor}: ${event.reason ?? event.says}`;
  return (
    <>
      <span className={styles["title"]}>
        {event.actor !== undefined && <IconUser size={13} aria-label="by a person" />}
        <span>{sentenceOf(nameOf(event.type))}</span>
      </span>
      <span className={styles["words"]}>{words || event.subject}</span>
    </>
  );
}

function Sent({ entry: { effect } }: { entry: Extract<Entry, { kind: "effect" }> }) {
  return (
    <>
      <span className={styles["title"]}>
        <IconArrowNarrowRight size={14} aria-label="sent" />
        <span>{sentenceOf(nameOf(effect.type))}</span>
      </span>
      <span className={styles["words"]}>
        {effect.state === "applied" ? effect.lane : <StateBadge state={effect.state} />}
      </span>
    </>
  );
}
