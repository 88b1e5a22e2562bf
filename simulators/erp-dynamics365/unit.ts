import type { Call } from "./call.ts";
import { REFERENCE_LOGS, type Erp } from "./erp.ts";
import { refuse } from "./refusal.ts";
import { settleTouchedOrders } from "./sales/settle-order.ts";

/** One request, changeset, message or clerk's action: all of it and what the ERP makes of it, or nothing. */
export function performUnit<T>(erp: Erp, call: Call, work: () => T): T {
  erp.touched.clear();
  return erp.store.transact(() => {
    const result = work();
    settleTouchedOrders(erp, call);
    return result;
  });
}

/** References are unique where the customer's extension has a unique index on them. */
export function refuseUsedReferences(erp: Erp, references: Iterable<string>): void {
  if (!erp.settings.uniqueReference) return;
  for (const reference of references)
    if (reference !== "" && erp.store.find(REFERENCE_LOGS, { ILKReference: reference }).length > 0)
      refuseUsed(reference);
}

function refuseUsed(reference: string): never {
  refuse(
    "AlreadyExists",
    `Cannot create a record. External reference: ${reference}. The record already exists`,
    "ILKReference",
  );
}
