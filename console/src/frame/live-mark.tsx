import { Tooltip } from "@mantine/core";

import type { Connection } from "../api/live.ts";
import styles from "./live-mark.module.css";

const WORDS: Readonly<Record<Connection, readonly [word: string, meaning: string]>> = {
  live: ["Live", "What you see follows the ledger by itself."],
  connecting: ["Reconnecting", "The hub is not heard at the moment: what you see may be older."],
};

export function LiveMark({ connection }: { connection: Connection }) {
  const [word, meaning] = WORDS[connection];
  return (
    <Tooltip label={meaning}>
      <span className={styles["mark"]} data-connection={connection} role="status" tabIndex={0}>
        {word}
      </span>
    </Tooltip>
  );
}
