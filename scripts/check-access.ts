// The tables of docs/access.md are written from the code: what each role may, and what each route asks for.
//   node scripts/check-access.ts --write

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { PERMISSIONS, type Permission } from "../src/access/permission.ts";
import { ROLE_NAMES, roleOf, SERVICE_MAY } from "../src/access/role.ts";
import { report, root } from "./check/project-files.ts";

const PAGE = join(root, "docs/access.md");
const MARKS = /(<!-- roles -->\n)[^]*?(<!-- end of roles -->)/;

function roleTable(): string {
  const head = ["permission", "what it allows", ...ROLE_NAMES, "service account"];
  const may = (permission: Permission) => [
    ...ROLE_NAMES.map((role) => roleOf(role).may.includes(permission)),
    SERVICE_MAY.includes(permission),
  ];
  const rows = Object.entries(PERMISSIONS).map(([permission, words]) => [
    `\`${permission}\``,
    words,
    ...may(permission as Permission).map((each) => (each ? "yes" : "")),
  ]);
  const lists = [
    [
      "settles cases of",
      "Which teams' cases `case.act` is for.",
      ...ROLE_NAMES.map((role) => words(roleOf(role).teams)),
      "",
    ],
    [
      "decides",
      "Which events `decision.tell` is for.",
      ...ROLE_NAMES.map((role) => words(roleOf(role).decides)),
      "",
    ],
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...[...rows, ...lists].map(line)].join("\n");
}

function words(list: readonly string[] | "all"): string {
  return list === "all" ? "all" : list.join(", ");
}

const page = readFileSync(PAGE, "utf8");
const written = page.replace(MARKS, `$1\n${roleTable()}\n\n$2`);
if (process.argv.includes("--write")) writeFileSync(PAGE, written);
const fresh = plain(readFileSync(PAGE, "utf8")) === plain(written);
report(fresh ? [] : ["docs/access.md is stale: node scripts/check-access.ts --write"], "docs/access.md");

/** Without the spaces by which tables are aligned. */
function plain(text: string): string {
  return text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
}
