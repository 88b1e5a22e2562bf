import type { ReactNode } from "react";

import { Json } from "../../code/json.tsx";
import { Path } from "../../code/path.tsx";
import { Facts } from "../../detail/facts.tsx";
import type { Detail } from "./answer.ts";
import styles from "./evidence.module.css";

const IN_WORDS = new Set(["happened", "remedy"]);

/** What the case rests on: short values by name, longer ones whole. */
export function Evidence({ detail }: { detail: Detail }) {
  const { evidence = {}, ...rest } = detail;
  const known = Object.entries({ ...rest, ...evidence }).filter(
    ([name, value]) => !IN_WORDS.has(name) && value !== null && value !== undefined && value !== "",
  );
  const short = known.filter(([, value]) => typeof value !== "object");
  const whole = known.filter(([, value]) => typeof value === "object");
  return (
    <div className={styles["evidence"]}>
      {short.length > 0 && (
        <Facts
          of={Object.fromEntries(short.map(([name, value]) => [labelOf(name), textOf(String(value))]))}
        />
      )}
      {whole.map(([name, value]) => (
        <details key={name}>
          <summary>{labelOf(name)}</summary>
          <Json value={value} label={labelOf(name)} />
        </details>
      ))}
    </div>
  );
}

/** An id or a path breaks between its parts, a sentence between its words. */
function textOf(value: string): ReactNode {
  return value.includes(" ") ? value : <Path of={value} />;
}

/** `objectKey` is read as "Object key". */
function labelOf(name: string): string {
  const words = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
