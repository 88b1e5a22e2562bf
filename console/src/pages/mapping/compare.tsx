import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";

import { usePermission } from "../../access/session.ts";
import { client } from "../../api/client.ts";
import { Json } from "../../code/json.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import styles from "./mapping.module.css";

interface CompareProps {
  system: string;
  name: string;
  source: string;
  differs: boolean;
}

/** What a changed mapping would have made of the last days' messages, beside what the one in force does. */
export function Compare({ system, name, source, differs }: CompareProps) {
  const forbidden = usePermission("mapping.try");
  const run = useMutation({
    mutationFn: async () => {
      const { data } = await client.POST("/v1/mappings/compare", { body: { system, name, source } });
      return data!;
    },
  });
  const wanting = forbidden ?? (differs ? null : "Change its text first: there is nothing to compare.");
  return (
    <Panel
      title="On the last seven days' messages"
      aside={
        <Button
          variant="default"
          disabled={wanting !== null}
          loading={run.isPending}
          onClick={() => run.mutate()}
        >
          Compare
        </Button>
      }
    >
      {wanting !== null && <p className={styles["note"]}>{wanting}</p>}
      {run.error && <Fault error={run.error} />}
      {run.data && (
        <div className={styles["result"]}>
          <div className={styles["counts"]}>
            <span>{run.data.looked} messages looked at</span>
            <StateBadge state="same" tone="good" label={`${run.data.same} the same`} />
            <StateBadge state="changed" tone="late" label={`${run.data.changed} different`} />
            <StateBadge state="mended" tone="moving" label={`${run.data.mended} would not fail any more`} />
            <StateBadge state="broken" tone="stopped" label={`${run.data.broken} would fail now`} />
          </div>
          {run.data.examples.map(({ message, object, before, after }) => (
            <details key={message}>
              <summary>
                Message {message} of {object}
              </summary>
              <div className={styles["sides"]}>
                <Json value={before} label="By the mapping in force" />
                <Json value={after} label="By the changed one" />
              </div>
            </details>
          ))}
        </div>
      )}
    </Panel>
  );
}
