/** What becomes of an open work order when something it is made by is revised: by the class of the change. */
import type { DerivedEvent, EventData, IntendedCase, IntendedEffect } from "../../src/process/index.ts";
import { designsOf, newsOf } from "./news.ts";
import {
  type Change,
  type Context,
  type Design,
  type Handle,
  initial,
  type News,
  type Next,
  phaseOf,
  withDesign,
  withoutChange,
  type Work,
} from "./state.ts";
import { aCase, concession, describe, hold, holdEnded, HOUR_MS } from "./telling.ts";

/** Within a working day the ERP brings a production order to a revision that its owner wants at once. */
const UPDATE_WITHIN_MS = 8 * HOUR_MS;

interface Step {
  readonly work: Work;
  readonly effects: readonly IntendedEffect[];
  readonly derive: readonly DerivedEvent[];
  readonly cases: readonly IntendedCase[];
  readonly timers: NonNullable<Next["timers"]>;
}

const CASES = ["CHANGE_TO_DECIDE", "CHANGE_NOT_FOLLOWED", "CHANGE_REFUSED"];

/** Every decision ends here: a case stays open only as long as a change waits. */
export function rest(work: Work, follow: Omit<Next, "phase" | "state"> = {}): Next {
  const phase = phaseOf(work);
  const idle = phase === "current";
  return {
    ...follow,
    phase,
    state: work,
    ...(idle && { clearTimers: ["update"] }),
    closeCases: idle ? CASES : [],
  };
}

export const released: Handle = (context) => {
  const data = context.event.data as EventData["interlock.WorkOrderReleased.v1"];
  const work: Work = {
    ...initial,
    productionOrder: data.productionOrder,
    item: data.item,
    releasedAt: context.event.time,
    operations: data.operations,
    ...(context.event.plant !== undefined && { plant: context.event.plant }),
    designs: designsOf(data),
  };
  return look({ ...context, state: work });
};

/** Something may have been revised, or its day has come. */
export const look: Handle = (context) => {
  let step: Step = { work: context.state, effects: [], derive: [], cases: [], timers: [] };
  for (const design of context.state.designs) {
    const news = newsOf(context, design);
    const due = design.change?.stands === "later" ? design.change : undefined;
    if (news) step = replaced(context, begin(context, step, design, changeOf(news)), design);
    else if (due) step = begin(context, step, design, due);
  }
  const { work, ...follow } = step;
  return rest(work, follow);
};

/** A newer revision takes the place of one that was not followed yet: its hold goes, once the new one stands. */
function replaced({ key }: Context, step: Step, { change }: Design): Step {
  if (!change?.holds) return step;
  return {
    ...step,
    derive: [...step.derive, holdEnded(key, step.work, change, "a newer revision took its place")],
  };
}

function changeOf({ revision, changeClass, changeOrder, reason, from }: News): Change {
  return {
    revision,
    changeClass,
    from,
    stands: "later",
    holds: false,
    ...(changeOrder !== undefined && { changeOrder }),
    ...(reason !== undefined && { reason }),
  };
}

function begin({ key, event }: Context, step: Step, design: Design, change: Change): Step {
  const ahead = Date.parse(change.from) - Date.parse(event.time);
  if (ahead > 0) {
    const timers = [...step.timers, { name: "effective", afterMs: ahead }];
    return { ...step, work: withDesign(step.work, { ...design, change }), timers };
  }
  if (change.changeClass === "finish") return finish(key, step, design, change, undefined);
  const name = describe(design, change);
  if (change.changeClass === "hold") {
    const held: Change = { ...change, stands: "held", holds: true };
    return {
      ...step,
      work: withDesign(step.work, { ...design, change: held }),
      derive: [...step.derive, hold(key, step.work, held, name)],
      cases: [
        ...step.cases,
        aCase(
          "CHANGE_TO_DECIDE",
          "plant-operations",
          `work order ${key} is held: ${name}`,
          "bring the production order to the new revision in the ERP, or decide that it is finished as it is, with a reason",
        ),
      ],
    };
  }
  return update(key, step, design, change);
}

/** A bill, a routing or an item is the ERP's to change; an instruction goes to the plant from here. */
function update(key: string, step: Step, design: Design, change: Change): Step {
  const updating: Change = { ...change, stands: "updating" };
  const timers = [...step.timers, { name: "update", afterMs: UPDATE_WITHIN_MS, onCalendar: true }];
  if (design.revised !== "instruction")
    return { ...step, work: withDesign(step.work, { ...design, change: updating }), timers };
  const operations = step.work.operations.map((operation) =>
    operation.instruction?.instruction === design.of
      ? { ...operation, instruction: { ...operation.instruction, revision: change.revision } }
      : operation,
  );
  const effect: IntendedEffect = {
    name: "update",
    target: "mes",
    type: "UpdateWorkOrder",
    payload: {
      workOrder: key,
      productionOrder: step.work.productionOrder,
      operations,
      reason: describe(design, change),
    },
  };
  const work = withDesign(
    { ...step.work, operations },
    { ...design, wanted: change.revision, change: updating },
  );
  return { ...step, work, effects: [...step.effects, effect], timers };
}

function finish(key: string, step: Step, design: Design, change: Change, actor: string | undefined): Step {
  const conceded: Change = { ...change, stands: "conceded", holds: false };
  return {
    ...step,
    work: withDesign(step.work, { ...design, change: conceded }),
    derive: [
      ...step.derive,
      concession(key, step.work, design, change, actor),
      ...(change.holds ? [holdEnded(key, step.work, change, "it is finished as it is")] : []),
    ],
  };
}

type Decided = EventData["interlock.EngineeringChangeDecided.v1"];

export const decided: Handle = (context) => {
  const { key, event, state } = context;
  const { revised, newRevision, decision, actor, reason } = event.data as Decided;
  let step: Step = { work: state, effects: [], derive: [], cases: [], timers: [] };
  for (const design of state.designs) {
    const { change } = design;
    if (design.revised !== revised || !change || change.stands === "conceded") continue;
    if (newRevision !== undefined && newRevision !== change.revision) continue;
    if (decision === "finish") step = finish(key, step, design, { ...change, reason }, actor);
    // the work stays held until the plant has the new revision
    else if (change.stands !== "updating") step = update(key, step, design, change);
  }
  const { work, ...follow } = step;
  return rest(work, follow);
};

/** The ERP has changed the order; plan-to-produce tells the plant. */
export const orderChanged: Handle = (context) => {
  const { itemRevision, bomRevision, routingRevision } = context.event
    .data as EventData["interlock.ProductionOrderChanged.v1"];
  const wanted = { item: itemRevision, bom: bomRevision, routing: routingRevision, instruction: undefined };
  const designs = context.state.designs.map((design) => {
    const now = wanted[design.revised];
    if (now === undefined || now === design.wanted) return design;
    const follows = design.change?.revision === now && design.change.stands !== "conceded";
    return {
      ...design,
      wanted: now,
      ...(follows && { change: { ...design.change!, stands: "updating" as const } }),
    };
  });
  return rest({ ...context.state, designs });
};

/** The plant works by what the ERP wants from now on. */
export const accepted: Handle = (context) => {
  const { key, event, state } = context;
  const { request } = event.data as EventData["interlock.WorkOrderAccepted.v1"];
  if (request !== "update") return rest(state);
  const settled = state.designs.filter(({ revision, wanted }) => revision !== wanted);
  const designs = state.designs.map((design) =>
    settled.includes(design) ? withoutChange({ ...design, revision: design.wanted }) : design,
  );
  return rest(
    { ...state, designs },
    {
      derive: settled
        .filter(({ change }) => change?.holds)
        .map(({ change }) => holdEnded(key, state, change!, "the plant works by another revision now")),
    },
  );
};

/** The plant cannot follow: it goes on by the older revision until a person decides. */
export const refused: Handle = (context) => {
  const { key, event, state } = context;
  const { request = "update", reasons } = event.data as {
    request?: string;
    reasons: readonly { message: string }[];
  };
  const open = state.designs.filter(({ change }) => change?.stands === "updating");
  if (request !== "update" || open.length === 0) return rest(state);
  const names = open.map((design) => describe(design, design.change!)).join("; ");
  return rest(state, {
    cases: [
      aCase(
        "CHANGE_REFUSED",
        "plant-operations",
        `the plant refused to bring work order ${key} to a new revision (${names}): ${reasons.map(({ message }) => message).join("; ")}`,
        "agree with the plant, or decide that it is finished as it is, with a reason",
      ),
    ],
  });
};

/** Its system would not even take it; taken back, it frees the work order's lane. */
export const refusedAtOnce: Handle = (context) => ({
  ...refused(context),
  withdraw: [(context.event.data as { reference: string }).reference],
});

export const notFollowed: Handle = (context) => {
  const { key, state } = context;
  const open = state.designs.filter(({ change }) => change?.stands === "updating");
  const names = open.map((design) => describe(design, design.change!)).join("; ");
  if (names === "") return rest(state);
  return rest(state, {
    cases: [
      aCase(
        "CHANGE_NOT_FOLLOWED",
        "plant-operations",
        `work order ${key} is still on an older revision: ${names}`,
        "bring the production order to the new revision in the ERP, or decide that it is finished as it is, with a reason",
      ),
    ],
  });
};

export const ended: Handle = ({ state }) => ({
  phase: "done",
  state,
  closeCases: phaseOf(state) === "current" ? [] : CASES,
});
