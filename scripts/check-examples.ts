// Every example holds by `interlock check`: its config, contracts, crosswalks and mappings with their samples.

import { globSync } from "node:fs";
import { dirname, join } from "node:path";

import { checkProject } from "../src/config/check.ts";
import { report, root } from "./check/project-files.ts";

const folders = globSync("examples/*/interlock.yaml", { cwd: root })
  .map((file) => dirname(file))
  .toSorted();
const findings: string[] = [];
for (const folder of folders)
  for (const { area, message } of await checkProject(join(root, folder)))
    findings.push(`${folder}: ${area}: ${message}`);
report(findings, `${folders.length} example projects`);
