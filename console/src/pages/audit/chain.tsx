import { Button, Tooltip } from "@mantine/core";
import { IconShieldCheck, IconShieldExclamation } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";

import { client } from "../../api/client.ts";
import { ask, queryClient } from "../../api/query.ts";
import { writeDecimal } from "../../quantity/quantity.tsx";
import { Time } from "../../time/time.tsx";
import styles from "./chain.module.css";

/** Up to which event the ledger is proven to be as it was written. */
export function Chain() {
  const { data } = useQuery(ask("/v1/audit/chain"));
  const verify = useMutation({
    mutationFn: () => client.POST("/v1/audit/verify"),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["/v1/audit/chain"] }),
  });
  if (!data) return null;
  const { head, last, running } = data;
  const broken = last?.ok === false;
  const Icon = broken ? IconShieldExclamation : IconShieldCheck;
  return (
    <section className={styles["chain"]} data-broken={broken || undefined} aria-label="The ledger's chain">
      <Icon size={20} stroke={1.6} aria-hidden />
      <div>
        {last === null ? (
          <p>The chain has not been verified yet. The ledger holds {writeDecimal(head)} events.</p>
        ) : broken ? (
          <p>
            <b>The chain is broken at event #{last.finding?.at}</b>: {last.finding?.kind},{" "}
            {last.finding?.differs}. Keep the database as it is and ask for docs/audit.md.
          </p>
        ) : (
          <p>
            Chain verified up to event <b>#{writeDecimal(last.of ?? last.verified)}</b> of{" "}
            {writeDecimal(head)}, <Time at={last.endedAt} />
            {last.provenUpTo && `; signed anchors prove it up to #${writeDecimal(last.provenUpTo.seq)}`}.
          </p>
        )}
        {running && (
          <p className={styles["running"]}>
            Being verified: {writeDecimal(running.verified)}
            {running.of !== null && ` of ${writeDecimal(running.of)}`} events.
          </p>
        )}
      </div>
      <Tooltip label="It is under way already." disabled={running === null}>
        <Button
          variant="default"
          loading={verify.isPending}
          {...(running !== null && { "aria-disabled": true, "data-disabled": true })}
          onClick={() => running === null && verify.mutate()}
        >
          Verify now
        </Button>
      </Tooltip>
    </section>
  );
}
