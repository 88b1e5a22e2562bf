import { Link } from "@tanstack/react-router";

import { Facts } from "../../detail/facts.tsx";
import { sentenceOf } from "../../story/timeline.ts";
import type { OrderAnswer } from "../../order/answer.ts";
import styles from "./numbers.module.css";

const SHOWN = 12;

/** Every number that somebody knows it by; each leads to its own story. */
export function Numbers({ numbers }: { numbers: OrderAnswer["numbers"] }) {
  const byKind = Map.groupBy(numbers, ({ kind }) => kind);
  return (
    <Facts
      compact
      of={Object.fromEntries(
        [...byKind].map(([kind, all]) => [
          sentenceOf(kind),
          <span key={kind} className={styles["numbers"]}>
            {all.slice(0, SHOWN).map(({ number }) => (
              <Link key={number} to={`/story/${encodeURIComponent(`${kind}/${number}`)}`}>
                {number}
              </Link>
            ))}
            {all.length > SHOWN && <span>and {all.length - SHOWN} more</span>}
          </span>,
        ]),
      )}
    />
  );
}
