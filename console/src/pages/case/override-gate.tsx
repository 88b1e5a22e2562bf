import { IconDoorExit } from "@tabler/icons-react";

import { useSession } from "../../access/session.ts";
import { ActionButton } from "../../action/action-button.tsx";
import { client } from "../../api/client.ts";
import type { CaseAnswer } from "./answer.ts";

const EVENT = "GateOverridden";
/** Those a person may go past; a quality hold ends with quality, and a plant's refusal with the plant. */
const GATE_OF: Readonly<Record<string, string>> = {
  GATE_ITEM: "item",
  GATE_BOM: "bom",
  GATE_ROUTING: "routing",
  GATE_UNITS: "units",
  GATE_CREDIT: "credit",
};

/** Lets a production order go to its plant although a gate is not met; nothing where the case is about none. */
export function OverrideGate({ of: { kind, subject, state } }: { of: CaseAnswer }) {
  const { decides } = useSession();
  const gate = GATE_OF[kind];
  const [what, productionOrder = ""] = subject.split("/", 2);
  if (gate === undefined || what !== "productionOrder") return null;
  const allowed = decides.includes("all") || decides.includes(EVENT);
  return (
    <ActionButton
      label="Override the gate"
      icon={<IconDoorExit size={15} />}
      permission="decision.tell"
      refusal={
        !allowed
          ? "Your role does not override gates: quality and finance do."
          : state === "closed"
            ? "The case is closed: nothing waits at this gate."
            : null
      }
      title={`Let production order ${productionOrder} go`}
      consequence={`It goes to the plant although its ${gate} gate is not met; the other gates hold. The override, your account and your reason stay visible on the work order.`}
      submit="Override it"
      run={({ reason }) =>
        client.POST("/v1/decisions", {
          body: { event: EVENT, subject, data: { productionOrder, gate }, reason },
        })
      }
      done="The gate is overridden."
    />
  );
}
