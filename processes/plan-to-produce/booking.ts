/** What all kinds of reports share when they are booked. */
import { withCounter } from "./counter.ts";
import type { Booking, Production } from "./state.ts";
import { toErp } from "./telling.ts";

/** What one report comes to: booked, known already, or to be kept for later. */
export type Attempt =
  | Booking
  | "known"
  | { readonly waits: "for-report" | "not-on-order"; readonly why: string };

/** The first sign of work starts the order in the ERP; it goes before every posting. */
export function begin(key: string, state: Production, at: string, workOrder: string): Booking {
  if (state.startedAt !== undefined) return { state, effects: [], cases: [] };
  return {
    state: { ...state, accepted: true, startedAt: at },
    effects: [toErp("start", "StartProductionOrder", { productionOrder: key, workOrder, startedAt: at })],
    cases: [],
  };
}

export function noteCounter(state: Production, about: string, confirmation: number): Production {
  return { ...state, booked: { ...state.booked, [about]: withCounter(state.booked[about], confirmation) } };
}
