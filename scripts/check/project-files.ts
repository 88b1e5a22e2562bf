import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

const NOT_OURS = new Set(["node_modules", ".git", ".interlock", "coverage", "dist"]);

/** Every file of the project as a path from its root with forward slashes, sorted. Works without git. */
export function listProjectFiles(folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name) && !entry.name.endsWith(".log"))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return listProjectFiles(path);
      return entry.isFile() ? [path] : [];
    })
    .toSorted();
}

/** Ends a check: prints each problem and fails, or says what was looked at. */
export function report(problems: string[], looked: string): void {
  for (const problem of problems) console.log(problem);
  console.log(`${looked}: ${problems.length === 0 ? "all well" : `${problems.length} problems`}`);
  if (problems.length > 0) process.exitCode = 1;
}
