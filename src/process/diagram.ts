import { endsOf, type ProcessDefinition } from "./contract.ts";

/** The Mermaid state diagram of a process: what moves it, and what changes something without moving it. */
export function stateDiagram(definition: ProcessDefinition): string {
  const lines = ["stateDiagram-v2", `  [*] --> ${id(definition.initialPhase)}`];
  for (const phase of Object.keys(definition.phases))
    if (id(phase) !== phase) lines.push(`  state "${phase}" as ${id(phase)}`);
  for (const [phase, rows] of Object.entries(definition.phases)) {
    const arrows = new Map<string, string[]>();
    for (const [row, does] of Object.entries(rows))
      if ("handle" in does) for (const to of does.to) arrows.set(to, [...(arrows.get(to) ?? []), label(row)]);
    for (const [to, labels] of arrows) lines.push(`  ${id(phase)} --> ${id(to)}: ${labels.join(", ")}`);
  }
  for (const phase of definition.finalPhases) lines.push(`  ${id(phase)} --> [*]`);
  return `${lines.join("\n")}\n`;
}

/** A colon ends a label in Mermaid, a hyphen an id. */
function label(row: string): string {
  return row.replace(":", " ");
}

function id(phase: string): string {
  return phase.replaceAll("-", "_");
}

/** What waits and what is ignored, with the reason for each: the other half of the table. */
export function quietRows(definition: ProcessDefinition): string {
  return Object.entries(definition.phases)
    .map(([phase, rows]) => {
      const quiet = new Map<string, string[]>();
      for (const [row, does] of Object.entries(rows)) {
        if ("handle" in does) continue;
        const [what, why] =
          "ignore" in does ? ["ignored", does.ignore] : [`waits at most ${days(does.deferMs)}`, does.because];
        quiet.set(`${what}: ${why}`, [...(quiet.get(`${what}: ${why}`) ?? []), row]);
      }
      const items = [...quiet].map(([why, events]) => `- ${named(definition, events).join(", ")} ${why}\n`);
      return `**${phase}**\n\n${items.join("")}`;
    })
    .join("\n");
}

/** Where every end of an effect is meant, one word for all of them. */
function named(definition: ProcessDefinition, rows: readonly string[]): string[] {
  let left = [...rows];
  const short: string[] = [];
  for (const [name, effect] of Object.entries(definition.effects)) {
    const ends = endsOf(name, effect);
    if (!ends.every((end) => left.includes(end))) continue;
    left = left.filter((row) => !ends.includes(row));
    short.push(`every end of _${name}_`);
  }
  return [...left.map((row) => `\`${row}\``), ...short];
}

function days(ms: number): string {
  const hours = ms / 3_600_000;
  return hours % 24 === 0 ? `${hours / 24} d` : `${hours} h`;
}

const BEGIN = "<!-- states: written by scripts/generate-states.ts -->";
const END = "<!-- /states -->";

/** A process's README with its diagram and table as the definition has them now. Undefined when it has no place for them. */
export function withStates(readme: string, definition: ProcessDefinition): string | undefined {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) return undefined;
  const states = `${BEGIN}\n\n\`\`\`mermaid\n${stateDiagram(definition)}\`\`\`\n\n${quietRows(definition)}\n`;
  return readme.slice(0, begin) + states + readme.slice(end);
}
