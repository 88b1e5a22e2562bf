/**
 * Watches the service levels as a process like any other: an instance is one hop of one thing. Its timer is the level; what it
 * tells when the time is over is an event with an owner.
 */
import {
  type Decision,
  defineProcess,
  type Handler,
  ignoring,
  type PhaseTable,
  type ProcessDefinition,
} from "../process/contract.ts";
import { eventsOf, markOf, type ServiceLevel } from "./level.ts";

export const WATCH = "service-level";
const MISSED = "SERVICE_LEVEL_MISSED";
const DUE = "due";

export type Phase = "under-way" | "late" | "between" | "over";

export interface Hop {
  readonly level: string;
  readonly of: string;
  /** When it began and ended, by the times these were recorded. */
  readonly since?: string;
  readonly ended?: string;
}

/** `order-entry/SO-1001`: what is under way may have slashes itself, a level's name has none. */
export function watchServiceLevels(levels: readonly ServiceLevel[]): ProcessDefinition {
  const named = new Map(levels.map((level) => [level.name, level]));
  const names = [...new Set(levels.flatMap(eventsOf))];
  const follow: Handler<Hop, Phase> = ({ state, event }) => {
    const level = named.get(state.level);
    const side = level && markOf(level, event)?.side;
    if (!level || side !== "from")
      return {
        phase: level?.repeats ? "between" : "over",
        state: { ...state, ended: event.recordedTime },
        clearTimers: [DUE],
        closeCases: [MISSED],
      };
    return begin(level, state, event.recordedTime);
  };
  const followLate: Handler<Hop, Phase> = (context) => {
    const next = follow(context);
    return next.phase === "under-way" ? { phase: "late", state: context.state } : next;
  };
  const beginAgain: Handler<Hop, Phase> = (context) => {
    const { state, event } = context;
    const level = named.get(state.level);
    if (level && markOf(level, event)?.side !== "from") return { phase: "between", state };
    return follow({ ...context, state: { level: state.level, of: state.of } });
  };
  const missed: Handler<Hop, Phase> = ({ state, event }) => {
    const level = named.get(state.level);
    // The project has given up this level since.
    return level ? tellLate(level, state, event.time) : { phase: "over", state };
  };
  const rows = (handle: Handler<Hop, Phase>, to: readonly Phase[]): PhaseTable<Hop, Phase> =>
    Object.fromEntries(names.map((name) => [name, { handle, to }]));
  const definition = defineProcess<Hop, Phase>({
    name: WATCH,
    version: 1,
    purpose: "Each hop on the way of an order ends in the time that was agreed, or its owner has a case.",
    subjectKind: "hop",
    initialPhase: "under-way",
    finalPhases: ["over"],
    initialState(key) {
      const slash = key.indexOf("/");
      return { level: key.slice(0, slash), of: key.slice(slash + 1) };
    },
    events: Object.fromEntries(
      names.map((name) => [
        name,
        (event) =>
          levels.flatMap((level) => {
            const mark = markOf(level, event);
            return mark ? [{ key: `${level.name}/${mark.of}` }] : [];
          }),
      ]),
    ),
    effects: {},
    timers: [DUE],
    phases: {
      "under-way": {
        ...rows(follow, ["under-way", "between", "over"]),
        [`TimerFired:${DUE}`]: { handle: missed, to: ["late", "over"] },
      },
      late: {
        ...rows(followLate, ["late", "between", "over"]),
        ...ignoring("it is late already", `TimerFired:${DUE}`),
      },
      between: {
        ...rows(beginAgain, ["under-way", "between", "over"]),
        ...ignoring("what it was set for has ended", `TimerFired:${DUE}`),
      },
      over: ignoring("the hop is over", ...names, `TimerFired:${DUE}`),
    },
  });
  // Whoever runs processes knows the state of none of them.
  return definition as unknown as ProcessDefinition;
}

/** Told once more that it began, it began the first time. */
function begin(level: ServiceLevel, state: Hop, now: string): Decision<Hop, Phase> {
  if (state.since !== undefined) return { phase: "under-way", state };
  const watches = level.tellers.map((teller) => `${teller}/${level.to.event}`);
  return {
    phase: "under-way",
    state: { ...state, since: now },
    timers: [{ name: DUE, afterMs: level.withinMs, onCalendar: true, watches }],
  };
}

function tellLate(level: ServiceLevel, state: Hop, dueAt: string): Decision<Hop, Phase> {
  const { of, since = dueAt } = state;
  const awaited = level.to.event;
  return {
    phase: "late",
    state,
    derive: [{ name: "ServiceLevelMissed", data: { level: level.name, of, since, dueAt, awaited } }],
    cases: [
      {
        kind: MISSED,
        owner: level.owner,
        title: `${level.name} of ${of} takes too long: ${level.from.event} came, ${awaited} has not`.slice(
          0,
          500,
        ),
        remedy: `see what holds it, with: interlock trace ${of.split("/")[0]}; the case closes when ${awaited} comes`,
      },
    ],
  };
}
