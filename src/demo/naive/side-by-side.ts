/** Both sides' damage as a person reads it. */
import { styleText } from "node:util";
import type { Damage } from "./damage.ts";

/** @param hub and @param scripts what was counted on each side, the same lines in the same order */
export function sideBySide(
  hub: readonly Damage[],
  scripts: readonly Damage[],
  stream: NodeJS.WritableStream,
): string {
  const paint = (format: "dim" | "green" | "red", text: string) =>
    styleText(format, text, { stream: stream as NodeJS.WriteStream });
  const width = Math.max(...hub.map(({ what }) => what.length));
  const cell = (count: string, head: string) => {
    const text = count.padStart(head.length);
    return count === "0" ? paint("green", text) : paint("red", text);
  };
  const heads = ["Interlock", "scripts"] as const;
  const rows = hub.flatMap((ours, i) => {
    const theirs = scripts[i]!;
    const line = `${ours.what.padEnd(width)}  ${cell(ours.count, heads[0])}  ${cell(theirs.count, heads[1])}  ${theirs.example}`;
    return ours.example === "" ? [line.trimEnd()] : [line.trimEnd(), `  with Interlock: ${ours.example}`];
  });
  return [
    "",
    paint("dim", `${"".padEnd(width)}  ${heads.join("  ")}  for example, of the scripts`),
    ...rows,
  ].join("\n");
}
