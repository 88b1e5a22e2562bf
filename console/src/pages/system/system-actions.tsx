import { ActionButton } from "../../action/action-button.tsx";
import { client } from "../../api/client.ts";
import type { SystemAnswer } from "./answer.ts";

/** Pause and resume what is sent to it, and find out whether it answers. */
export function SystemActions({ of: { system, paused, connector } }: { of: SystemAnswer }) {
  const params = { path: { system } };
  const pausing = paused === null;
  return (
    <>
      <ActionButton
        label="Test connection"
        permission="system.act"
        refusal={connector === null ? "It only pushes events: there is nothing to connect to." : null}
        title={`Does ${system} answer?`}
        consequence="It is read with the credentials of interlock.yaml. Nothing is kept, and nothing moves."
        withoutReason
        submit="Test"
        run={async () => {
          const { data } = await client.POST("/v1/systems/{system}/test", { params });
          return data;
        }}
        done={(answer) => {
          const { outcome, detail, tookMs } = answer as {
            outcome: string;
            detail: string;
            tookMs: number | null;
          };
          return `${outcome}${tookMs === null ? "" : ` after ${tookMs} ms`}: ${detail}`;
        }}
      />
      {pausing ? (
        <ActionButton
          label="Pause"
          weight="grave"
          permission="system.act"
          title={`Pause ${system}`}
          consequence="Nothing is sent to it until somebody resumes it. What it tells is still taken, and effects wait in their lanes."
          submit="Pause"
          run={({ reason }) => client.POST("/v1/systems/{system}/pause", { params, body: { reason } })}
          done={`${system} is paused.`}
        />
      ) : (
        <ActionButton
          label="Resume"
          weight="primary"
          permission="system.act"
          title={`Resume ${system}`}
          consequence="What waits in its lanes goes out again, in order."
          submit="Resume"
          run={({ reason }) => client.POST("/v1/systems/{system}/resume", { params, body: { reason } })}
          done={`${system} is sent to again.`}
        />
      )}
    </>
  );
}
