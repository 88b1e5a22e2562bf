import { Button, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import "@mantine/core/styles/FloatingIndicator.css";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { usePermission } from "../../access/session.ts";
import { client } from "../../api/client.ts";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import styles from "./mapping.module.css";
import { Tried } from "./tried.tsx";

interface TryProps {
  system: string;
  name: string;
  /** As it was changed here; absent: as it is in force. */
  source: string | undefined;
  direction: "in" | "out";
}

/** Runs the mapping on a sample or a recorded message; nothing comes of it. */
export function Try({ system, name, source, direction }: TryProps) {
  const forbidden = usePermission("mapping.try");
  const [on, setOn] = useState<"message" | "sample">(direction === "in" ? "message" : "sample");
  const [message, setMessage] = useState("");
  const [sample, setSample] = useState("{}");
  const run = useMutation({
    mutationFn: async () => {
      const input =
        on === "message" ? { message: Number(message) } : { sample: JSON.parse(sample) as unknown };
      const { data } = await client.POST("/v1/mappings/try", {
        body: { system, name, ...(source !== undefined && { source }), ...input },
      });
      return data!;
    },
  });
  const wanting =
    forbidden ?? (on === "message" && !/^[1-9]\d*$/.test(message) ? "The number of a message." : null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (wanting === null) run.mutate();
  };
  return (
    <Panel title="Try it">
      <form className={styles["try"]} onSubmit={send}>
        <SegmentedControl
          size="xs"
          aria-label="On what"
          value={on}
          onChange={(next) => setOn(next as typeof on)}
          data={[
            { value: "message", label: "A recorded message" },
            { value: "sample", label: direction === "in" ? "A sample" : "An effect's content" },
          ]}
        />
        {on === "message" ? (
          <TextInput
            label="Number of the message"
            description="As a case or an order's story shows it."
            inputMode="numeric"
            value={message}
            onChange={(event) => setMessage(event.currentTarget.value.trim())}
          />
        ) : (
          <Textarea
            label="Content, as JSON"
            autosize
            minRows={5}
            maxRows={14}
            classNames={{ input: styles["source"]! }}
            spellCheck={false}
            value={sample}
            onChange={(event) => setSample(event.currentTarget.value)}
          />
        )}
        {wanting !== null && <p className={styles["note"]}>{wanting}</p>}
        <Button type="submit" disabled={wanting !== null} loading={run.isPending}>
          Run
        </Button>
      </form>
      {run.error && <Fault error={run.error} />}
      {run.data && <Tried result={run.data} />}
    </Panel>
  );
}
