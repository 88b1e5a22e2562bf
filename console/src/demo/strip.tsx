import { Button, Tooltip } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";

import { queryClient } from "../api/query.ts";
import { act, type Control, playingOf, useControl } from "./demo.ts";
import styles from "./strip.module.css";

/** So many lines of what was told last. */
const SHOWN = 3;

/** In a demo: what the scenario is doing, and what a visitor can do to it. In any other hub nothing. */
export function DemoStrip() {
  const control = useControl();
  return control && <Strip control={control} />;
}

function Strip({ control }: { control: Control }) {
  const playing = playingOf(control);
  const { data, error } = useQuery(playing);
  const doing = useMutation({
    mutationFn: (name: string) => act(control, name),
    onSuccess: (next) => queryClient.setQueryData(playing.queryKey, next),
  });
  if (error) return <p className={styles["strip"]}>The demo has ended. What you see is what it left.</p>;
  if (!data) return null;
  const { chapter, said, busy, acts } = data;
  return (
    <section className={styles["strip"]} aria-label="The demo">
      <div className={styles["told"]}>
        <b>{chapter}</b>
        <ol aria-live="polite">
          {said.slice(-SHOWN).map(({ n, text }) => (
            <li key={n}>{text}</li>
          ))}
        </ol>
      </div>
      <div className={styles["acts"]}>
        {acts.map(({ name, title, about }) => (
          <Tooltip key={name} label={busy === null ? about : "One after the other: wait until it is over."}>
            <Button
              variant="default"
              loading={busy === name}
              {...(busy !== null && { "aria-disabled": true, "data-disabled": true })}
              onClick={() => busy === null && doing.mutate(name)}
            >
              {title}
            </Button>
          </Tooltip>
        ))}
      </div>
    </section>
  );
}
