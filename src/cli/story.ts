import type { StoryAnswer } from "../api/trace/answer.ts";
import { printLine, printTable, showTime } from "./output.ts";

interface Line {
  readonly at: string;
  readonly seq: string;
  readonly what: string;
  readonly about: string;
  readonly note: string;
}

/** Answers of the engine to its own effects: an effect's own line says how it ended. */
const ECHOES = new Set(["EffectApplied", "EffectAccepted", "EffectWithdrawn"]);

/** A story in the order it happened, then what is still open in it. */
export function printStory(story: StoryAnswer): void {
  for (const place of ["above", "asked", "below"] as const) {
    const objects = story.objects.filter((each) => each.place === place).map(({ object }) => object);
    if (objects.length > 0) printLine(`${HEADING[place]}  ${objects.join(", ")}`);
  }
  printLine();
  const lines = [
    ...story.events.map(eventLine).filter(({ what }) => !ECHOES.has(what)),
    ...story.effects.map(effectLine),
  ];
  const ordered = lines.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  printTable(
    ["recorded (UTC)", "ledger", "what", "about", ""],
    ordered.map(({ at, seq, what, about, note }) => [showTime(at), seq, what, about, note]),
  );
  section(
    "Processes",
    story.instances,
    ({ process, key, phase, held }) => `${process} ${key}: ${phase}${held ? `, held: ${held}` : ""}`,
  );
  section(
    "Open effects",
    story.effects.filter(({ endedAt }) => endedAt === null),
    ({ reference, type, system, state, why, createdAt }) =>
      `${reference}  ${type} in ${system}: ${state} since ${showTime(createdAt)}${why ? `, ${why}` : ""}`,
  );
  section(
    "Cases",
    story.cases,
    ({ id, state, owner, title, resolution, openedAt }) =>
      `#${id} ${state}, ${state === "open" ? `${owner} has it since ${showTime(openedAt)}` : owner}: ${title}${resolution ? ` (${resolution})` : ""}`,
  );
  section(
    "Messages that wait",
    story.messages,
    ({ id, system, stream, state }) => `inbound ${id} of ${system}/${stream}: ${state}`,
  );
  if (story.truncated)
    printLine("\nMore belongs to this story than is shown: trace one of the objects below it.");
}

const HEADING = { above: "made for  ", asked: "asked     ", below: "part of it" };

function eventLine(event: StoryAnswer["events"][number]): Line {
  const who = event.actor ?? event.source.replace("/systems/", "");
  return {
    at: event.recordedtime,
    seq: `#${event.seq}`,
    what: event.type.replace(/^interlock\./, "").replace(/\.v1$/, ""),
    about: event.subject,
    note: [who, event.reason ?? event.says].filter(Boolean).join(": "),
  };
}

function effectLine(effect: StoryAnswer["effects"][number]): Line {
  return {
    at: effect.createdAt,
    seq: "",
    what: `-> ${effect.type.replace(/\.v1$/, "")}`,
    about: `${effect.system} ${effect.lane}`,
    note: `${effect.reference} ${effect.state}`,
  };
}

function section<Item>(heading: string, items: readonly Item[], show: (item: Item) => string): void {
  if (items.length === 0) return;
  printLine(`\n${heading}`);
  for (const item of items) printLine(`  ${show(item)}`);
}
