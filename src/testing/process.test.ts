import { join } from "node:path";
import { expect, test } from "vitest";
import { loadContracts } from "../contract/registry.ts";
import { defineProcess, endsOf, ignoring, type ProcessDefinition } from "../process/contract.ts";
import { applied, event, fired, given } from "./index.ts";

type Phase = "new" | "open" | "shut";
type Shop = { count: number };

const CREATE = endsOf("create");

/** What the handler of Began answers is for each test to say. */
function shop(
  began: ProcessDefinition<Shop, Phase>["phases"]["new"][string],
): ProcessDefinition<Shop, Phase> {
  return defineProcess<Shop, Phase>({
    name: "shop",
    version: 1,
    purpose: "Counts.",
    subjectKind: "shop",
    initialPhase: "new",
    finalPhases: ["shut"],
    initialState: () => ({ count: 0 }),
    events: { Began: () => [{ key: "S1" }], Counted: () => [{ key: "S1" }], Ended: () => [{ key: "S1" }] },
    effects: { create: {} },
    timers: ["late"],
    phases: {
      new: {
        Began: began,
        Counted: { deferMs: 1_000, because: "not begun" },
        ...ignoring("not begun", "Ended", "TimerFired:late", ...CREATE),
      },
      open: {
        Counted: {
          handle: ({ state }) => ({ phase: "open", state: { count: state.count + 1 } }),
          to: ["open"],
        },
        Ended: { handle: ({ state }) => ({ phase: "shut", state }), to: ["shut"] },
        "TimerFired:late": {
          handle: ({ state }) => ({
            phase: "open",
            state,
            cases: [{ kind: "LATE", owner: "it", title: "late", remedy: "hurry" }],
          }),
          to: ["open"],
        },
        ...ignoring("known", "Began", ...CREATE),
      },
      shut: ignoring("over", "Began", "Counted", "Ended", "TimerFired:late", ...CREATE),
    },
  });
}

const opens = shop({
  handle: ({ state }) => ({
    phase: "open",
    state,
    effects: [{ name: "create", target: "erp", type: "CreateSalesOrder", payload: { salesOrder: "S1" } }],
    timers: [{ name: "late", afterMs: 60_000 }],
  }),
  to: ["open"],
});
const began = event("Began", {}, { time: "2026-03-02T09:00:00+01:00" });
const create = { name: "create", target: "erp", type: "CreateSalesOrder", payload: { salesOrder: "S1" } };

test("says what is missing, and what was not expected", () => {
  given(opens)
    .when(began)
    .then({ phase: "open", effects: [create], timers: { late: "2026-03-02T08:01:00.000000Z" } });
  expect(() => given(opens).when(began).then({ phase: "open" })).toThrow(/CreateSalesOrder/);
  expect(() =>
    given(opens)
      .when(began)
      .then({ phase: "new", effects: [create] }),
  ).toThrow(/phase/);
});

test("plays deferral, ignoring and timers as the engine does", () => {
  given(opens).when(event("Counted", {})).thenDeferred();
  given(opens, [event("Counted", {}), event("Counted", {})])
    .when(began)
    .then({ phase: "open", effects: [create], state: { count: 2 } });
  given(opens, [began]).when(applied("create")).thenIgnored(/known/);
  given(opens, [began])
    .when(fired("late"))
    .then({ phase: "open", cases: [{ kind: "LATE", owner: "it" }], timers: {} });
  given(opens, [began]).when(event("Ended", {})).then({ phase: "shut", timers: {} });
  given(opens)
    .when(fired("late"))
    .thenIgnored(/not begun/);
});

test("an event that breaks its contract is the test's mistake, an effect that does is the process's", () => {
  const contracts = loadContracts([join(import.meta.dirname, "../../contracts")]);
  expect(() => given(opens, [], contracts).when(began)).toThrow(
    /there is no event contract interlock.Began.v1/,
  );
  const told = { ...began, engine: true };
  given(opens, [], contracts)
    .when(told)
    .thenHeld(/CreateSalesOrder.v1 breaks its contract: \/customer is required/);
});

test.each<[string, Parameters<typeof shop>[0], RegExp]>([
  [
    "leads where its row does not say",
    { handle: ({ state }) => ({ phase: "shut", state }), to: ["open"] },
    /names only open/,
  ],
  [
    "sets an undeclared timer",
    { handle: ({ state }) => ({ phase: "open", state, timers: [{ name: "x", afterMs: 1 }] }), to: ["open"] },
    /timer x is not declared/,
  ],
  [
    "makes an undeclared effect",
    { handle: ({ state }) => ({ phase: "open", state, effects: [{ ...create, name: "x" }] }), to: ["open"] },
    /effect x is not declared/,
  ],
  [
    "uses an undeclared fact",
    {
      handle: ({ state, facts }) => ({ phase: "open", state: { ...state, x: facts("a", "b") } }),
      to: ["open"],
    },
    /fact a\/b is not declared/,
  ],
  [
    "grows its state without bound",
    { handle: () => ({ phase: "open", state: { count: 0, text: "x".repeat(300_000) } }), to: ["open"] },
    /state grew to 300021 bytes/,
  ],
  [
    "opens a case that cannot be stored",
    {
      handle: ({ state }) => ({
        phase: "open",
        state,
        cases: [{ kind: "X", owner: "it", title: "\0", remedy: "" }],
      }),
      to: ["open"],
    },
    /title of a case cannot be stored/,
  ],
  [
    "throws",
    {
      handle: () => {
        throw new Error("no idea");
      },
      to: ["open"],
    },
    /^Began in new: no idea$/,
  ],
])("a handler that %s holds its instance", (_what, row, why) => {
  given(shop(row)).when(began).thenHeld(why);
});
