/** Holds are counted by the names of who asked for them: the first stops the plant, the end of the last lets it go on. */
import type { IntendedEffect } from "../../src/process/index.ts";
import { openWorks, type Production } from "./state.ts";
import { toPlant } from "./telling.ts";

export interface Held {
  readonly state: Production;
  readonly effects: readonly IntendedEffect[];
}

export function withHold(key: string, before: Production, name: string, reason: string): Held {
  if (before.holds.includes(name)) return { state: before, effects: [] };
  const state = { ...before, holds: [...before.holds, name] };
  const works = openWorks(state);
  const wanted = before.holds.length === 0 || state.stop === "no" || state.stop === "resuming";
  if (!wanted || works.length === 0) return { state, effects: [] };
  return {
    // what the plant stopped by itself stays stopped, and now must not go on by itself
    state: { ...state, stop: state.stop === "held" ? "held" : "asked" },
    effects: works.map((workOrder) =>
      toPlant("hold", "HoldWorkOrder", { workOrder, productionOrder: key, reason: reason.slice(0, 1_000) }),
    ),
  };
}

export function withoutHold(key: string, before: Production, name: string, reason: string): Held {
  if (!before.holds.includes(name)) return { state: before, effects: [] };
  const state = { ...before, holds: before.holds.filter((each) => each !== name) };
  const works = openWorks(state);
  const stops = state.stop === "asked" || state.stop === "held";
  if (state.holds.length > 0 || !stops || works.length === 0) return { state, effects: [] };
  // What the plant stopped for a reason of its own is the plant's to let go.
  if (state.plantStopped) return { state, effects: [] };
  return {
    state: { ...state, stop: "resuming" },
    effects: works.map((workOrder) =>
      toPlant("resume", "ResumeWorkOrder", {
        workOrder,
        productionOrder: key,
        reason: reason.slice(0, 1_000),
      }),
    ),
  };
}

export function withoutCancel(state: Production): Production {
  const { cancel: _, ...rest } = state;
  return rest;
}
