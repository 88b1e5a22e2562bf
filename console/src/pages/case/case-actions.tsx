import { Select, TextInput } from "@mantine/core";

import { ActionButton } from "../../action/action-button.tsx";
import { client } from "../../api/client.ts";
import { EvidenceFields, evidenceOf, type EvidenceValues } from "../../effect/evidence-fields.tsx";
import { Resubmit } from "../../effect/resubmit.tsx";
import { wordsOf } from "../../state/tone.ts";
import type { CaseAnswer, CaseRequest } from "./answer.ts";
import { OverrideGate } from "./override-gate.tsx";

const TEAMS = ["it", "plant-operations", "customer-service", "finance", "quality"] as const;
type Team = (typeof TEAMS)[number];

/** Everything that can be done about a case; what cannot be done now says why. */
export function CaseActions({ of: found }: { of: CaseAnswer }) {
  const { id, actions, effects, owner, assignee, version, members } = found;
  const act = async (body: CaseRequest) => {
    const { data } = await client.POST("/v1/cases/{id}/actions", {
      params: { path: { id: String(id) } },
      body,
    });
    return data;
  };
  const common = { permission: "case.act", done } as const;
  /** Those that the action can be done to, as they were seen. */
  const seen = (action: string) =>
    effects
      .filter((effect) => effect.actions[action] === null)
      .map(({ reference, state, attempt }) => ({ reference, state, attempt }));
  const correctable = effects.find((effect) => effect.actions["resubmit"] === null);
  const held = members.filter(({ kind }) => kind === "instance").length;
  const messages = members.filter(({ kind, settled }) => kind === "inbound" && !settled).length;
  return (
    <>
      {effects.length > 0 && (
        <>
          <ActionButton
            {...common}
            label="Retry"
            weight="primary"
            refusal={actions["retry"]}
            title={`Send ${countOf(seen("retry").length, "effect")} again`}
            consequence="What was refused is sent again as it is. Do this when its cause is gone in the target."
            submit="Send again"
            run={({ reason }) => act({ action: "retry", effects: seen("retry"), reason })}
          />
          <Resubmit
            effect={correctable}
            permission="case.act"
            refusal={actions["resubmit"]}
            send={(payload, reason) =>
              act({ action: "resubmit", effects: seen("resubmit").slice(0, 1), payload, reason })
            }
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
            run={({ reason, ...values }) =>
              act({
                action: "mark-applied",
                effects: seen("mark-applied"),
                evidence: evidenceOf(values),
                reason,
              })
            }
          />
          <ActionButton
            {...common}
            label="Cancel"
            weight="grave"
            refusal={actions["cancel"]}
            title={`Cancel ${countOf(seen("cancel").length, "effect")}`}
            consequence="It is not sent any more. The process is told, and what waits behind it on the same object goes on."
            submit="Cancel it"
            run={({ reason }) => act({ action: "cancel", effects: seen("cancel"), reason })}
          />
        </>
      )}
      {messages > 0 && (
        <>
          <ActionButton
            {...common}
            label="Try again"
            weight="primary"
            refusal={actions["readmit"]}
            title={`Try ${countOf(messages, "message")} again`}
            consequence="Each is translated anew with the mappings and crosswalks in force now; what still fails comes back here."
            submit="Try again"
            run={({ reason }) => act({ action: "readmit", reason })}
          />
          <ActionButton
            {...common}
            label="Discard"
            weight="grave"
            refusal={actions["discard"]}
            title={`Discard ${countOf(messages, "message")}`}
            consequence="They never become events; they stay kept as they came. Later messages of the same objects go on."
            submit="Discard"
            run={({ reason }) => act({ action: "discard", reason })}
          />
        </>
      )}
      {held > 0 && (
        <ActionButton
          {...common}
          label="Release"
          refusal={actions["release"]}
          title="Let its process decide again"
          consequence="What was kept while it was held is decided on now, in its order."
          submit="Release"
          run={({ reason }) => act({ action: "release", reason })}
        />
      )}
      <OverrideGate of={found} />
      <ActionButton<{ owner: Team; assignee: string }>
        {...common}
        label="Reassign"
        refusal={actions["reassign"]}
        title="Give it to somebody else"
        consequence="The team it goes to finds it in its inbox; its clock runs on."
        initial={{ owner, assignee: assignee ?? "" }}
        fields={(values, set) => (
          <>
            <Select
              label="Team"
              data={TEAMS.map((value) => ({ value, label: wordsOf(value) }))}
              value={values.owner}
              onChange={(team) => team !== null && set({ owner: team as Team })}
              allowDeselect={false}
            />
            <TextInput
              label="Person"
              description="Empty: anybody of the team."
              value={values.assignee}
              onChange={(event) => set({ assignee: event.currentTarget.value })}
            />
          </>
        )}
        submit="Reassign"
        run={({ owner: team, assignee: person, reason }) =>
          act({
            action: "reassign",
            version,
            assignee: person.trim() === "" ? null : person.trim(),
            ...(team !== owner && { owner: team }),
            reason,
          })
        }
      />
      <ActionButton
        {...common}
        label="Comment"
        refusal={actions["comment"]}
        title="Say something to it"
        consequence="What you write below is kept with the case for everybody to read."
        submit="Keep it"
        run={({ reason }) => act({ action: "comment", version, reason })}
      />
      <ActionButton
        {...common}
        label="Close"
        refusal={actions["close"]}
        title="Close the case"
        consequence="It is settled outside of Interlock. A case closes by itself when what it waits for has happened."
        submit="Close it"
        run={({ reason }) => act({ action: "close", version, reason })}
      />
    </>
  );
}

function countOf(count: number, noun: string): string {
  return count === 1 ? `the ${noun}` : `${count} ${noun}s`;
}

function done(answer: unknown): string {
  const { affected, refused } = answer as { affected: number; refused: readonly unknown[] };
  return refused.length === 0 ? "Done." : `Done to ${affected}; ${refused.length} had moved meanwhile.`;
}
