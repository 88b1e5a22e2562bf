import { IconRefresh } from "@tabler/icons-react";

import { useSession } from "../../access/session.ts";
import { ActionButton } from "../../action/action-button.tsx";
import { client } from "../../api/client.ts";
import type { OrderAnswer } from "../../order/answer.ts";

const EVENT = "OrderRecheckRequested";

/** Credit was released, an item corrected: the systems are asked again whether the order passes. */
export function CheckAgain({ order: { id, open, stage } }: { order: OrderAnswer }) {
  const { decides } = useSession();
  const allowed = decides.includes("all") || decides.includes(EVENT);
  return (
    <ActionButton
      label="Check again"
      icon={<IconRefresh size={15} />}
      permission="decision.tell"
      refusal={
        !allowed
          ? "Your role does not tell this decision: customer service and finance do."
          : !open
            ? `The order is ${stage}: there is nothing to check any more.`
            : null
      }
      title={`Check order ${id} again`}
      consequence="Every system that has a say is asked again whether the order passes: credit, items, price, availability. What is in its way goes when they say so."
      submit="Check again"
      run={({ reason }) =>
        client.POST("/v1/decisions", {
          body: { event: EVENT, subject: `salesOrder/${id}`, data: { salesOrder: id }, reason },
        })
      }
      done="The systems are asked again."
    />
  );
}
