import { Alert, Button, Drawer, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";

import { ApiProblem } from "../api/problem.ts";
import { queryClient } from "../api/query.ts";
import styles from "./action-form.module.css";

const REASON_LENGTH = 1_000;
const REASON_SHORTEST = 3;

export interface ActionFormProps<Values extends object> {
  title: string;
  /** What will happen, before it does. */
  consequence: ReactNode;
  /** The fields besides the reason. */
  fields?: (values: Values, set: (change: Partial<Values>) => void) => ReactNode;
  initial?: Values;
  /** Why it cannot be sent yet, or null. */
  missing?: (values: Values) => string | null;
  submit: string;
  run: (values: Values & { readonly reason: string }) => Promise<unknown>;
  /** What the answer came to, in words. */
  done: string | ((answer: unknown) => string);
  /** The reason is asked for, unless the act is its own. */
  withoutReason?: boolean;
  close: () => void;
}

/** A form beside the page for one act: what will follow, what it needs, and why it is done. The reason goes into the ledger. */
export function ActionForm<Values extends object>(props: ActionFormProps<Values>) {
  const { title, consequence, fields, missing, submit, run, done, withoutReason = false, close } = props;
  const [values, setValues] = useState<Values>(props.initial ?? ({} as Values));
  const [reason, setReason] = useState("");
  const set = (change: Partial<Values>) => setValues((before) => ({ ...before, ...change }));
  const act = useMutation({
    mutationFn: () => run({ ...values, reason: reason.trim() }),
    onSuccess: async (answer) => {
      notifications.show({ message: typeof done === "string" ? done : done(answer), color: "teal" });
      close();
      await queryClient.invalidateQueries();
    },
  });
  const wanting =
    missing?.(values) ??
    (!withoutReason && reason.trim().length < REASON_SHORTEST
      ? "Say why: it is kept with what you do."
      : null);

  const send = (event: FormEvent) => {
    event.preventDefault();
    if (wanting === null && !act.isPending) act.mutate();
  };

  return (
    <Drawer opened onClose={close} title={title} keepMounted={false}>
      <form className={styles["form"]} onSubmit={send}>
        <div className={styles["consequence"]}>{consequence}</div>
        {fields?.(values, set)}
        {!withoutReason && (
          <Textarea
            label="Reason"
            description="Kept in the ledger with your account and the time."
            required
            autosize
            minRows={2}
            maxLength={REASON_LENGTH}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus={fields === undefined || undefined}
          />
        )}
        {act.error && <Refusal error={act.error} />}
        <div className={styles["end"]}>
          <span className={styles["wanting"]}>{wanting}</span>
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button type="submit" disabled={wanting !== null} loading={act.isPending}>
            {submit}
          </Button>
        </div>
      </form>
    </Drawer>
  );
}

function Refusal({ error }: { error: Error }) {
  const problem = error instanceof ApiProblem ? error : undefined;
  return (
    <Alert color="red" icon={<IconAlertTriangle size={16} />} title={problem?.title ?? "That did not work"}>
      <p>{error.message}</p>
      {problem?.errors.map(({ pointer, detail }) => (
        <p key={pointer + detail}>
          <code>{pointer}</code> {detail}
        </p>
      ))}
      {problem?.remedy && <p>{problem.remedy}</p>}
    </Alert>
  );
}
