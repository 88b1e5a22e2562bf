import { ActionButton } from "../../action/action-button.tsx";
import { client } from "../../api/client.ts";
import type { paths } from "../../api/schema.d.ts";
import { EvidenceFields, evidenceOf, type EvidenceValues } from "../../effect/evidence-fields.tsx";
import { Resubmit } from "../../effect/resubmit.tsx";
import type { EffectAnswer } from "./answer.ts";

type Request = paths["/v1/effects/{reference}/actions"]["post"]["requestBody"]["content"]["application/json"];

/** What a person can do to one effect now; each goes through only if it is still as it was seen. */
export function EffectActions({ effect }: { effect: EffectAnswer }) {
  const { reference, laneState, attempt, actions, type, system, payload } = effect;
  const act = async (request: Omit<Request, "state" | "attempt">) => {
    const { data } = await client.POST("/v1/effects/{reference}/actions", {
      params: { path: { reference } },
      body: { ...request, state: laneState, attempt },
    });
    return data;
  };
  const common = { permission: "effect.act" } as const;
  return (
    <>
      <ActionButton
        {...common}
        label="Retry"
        weight="primary"
        refusal={actions["retry"]}
        title="Send it again"
        consequence="It is sent again as it is. Do this when the cause is gone in the target."
        submit="Send again"
        run={({ reason }) => act({ action: "retry", reason })}
        done="It is sent again."
      />
      <Resubmit
        effect={actions["resubmit"] === null ? { type, system, payload } : undefined}
        permission="effect.act"
        refusal={actions["resubmit"]}
        send={(content, reason) => act({ action: "resubmit", payload: content, reason })}
      />
      <ActionButton<EvidenceValues>
        {...common}
        label="Mark as applied"
        refusal={actions["mark-applied"]}
        title="It has happened in the target"
        consequence="Nothing is sent. Say what you saw there: the process goes on as if the target had answered so."
        initial={{ name: "documentNumber", value: "" }}
        fields={(values, set) => <EvidenceFields values={values} set={set} />}
        missing={({ value }) => (value.trim() === "" ? "Say what you saw in the target." : null)}
        submit="Mark as applied"
        run={({ reason, ...values }) => act({ action: "mark-applied", evidence: evidenceOf(values), reason })}
        done="It counts as applied."
      />
      <ActionButton
        {...common}
        label="Cancel"
        weight="grave"
        refusal={actions["cancel"]}
        title="Cancel it"
        consequence="It is not sent any more. The process is told, and what waits behind it on the same object goes on."
        submit="Cancel it"
        run={({ reason }) => act({ action: "cancel", reason })}
        done="It is cancelled."
      />
    </>
  );
}
