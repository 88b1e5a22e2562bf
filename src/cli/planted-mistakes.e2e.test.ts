import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HOME } from "./home.ts";
import { checkAll } from "./project-check.ts";

const EXAMPLE = join(HOME, "examples/make-to-order");
const YAML = "interlock.yaml";
const REPORTS = "mappings/mes-brno/reports.jsonata";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "interlock-planted-"));
  cpSync(EXAMPLE, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One mistake in a copy of the example: what stood there must have stood there. */
function plant(file: string, from: string | RegExp, to: string): void {
  const before = readFileSync(join(folder, file), "utf8");
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(join(folder, file), after);
}

async function found(): Promise<string[]> {
  return (await checkAll(folder)).findings.map(({ message }) => message);
}

test("the example itself is in order", async () => {
  expect(await found()).toEqual([]);
});

test("an unknown contract is found where it is named", async () => {
  plant(YAML, "OrderRequested: [crm]", "OrderRequestd: [crm]");
  expect(await found()).toEqual([
    expect.stringMatching(/^interlock\.yaml:\d+:\d+.*there is no event contract OrderRequestd/),
  ]);
});

// Each check runs all samples: what can be seen side by side is planted side by side.

test("an unknown contract of a mapping, a unit nobody translates, an event that nobody reads", async () => {
  plant(REPORTS, `& ".v1"`, `& ".v9"`);
  plant("crosswalks/mes-brno.csv", /^mes-brno,unit,ST,C62\n/m, "");
  plant(YAML, /^ *DowntimeStarted: .*\n/m, "");
  plant(YAML, "recordOnly:", "recordOnly:\n  GoodsIssued: A mistake.");
  const messages = await found();
  expect(messages).toContainEqual(
    expect.stringMatching(/^mappings\/mes-brno\/reports\.samples\.json: .*interlock\.\w+\.v9/),
  );
  expect(messages).toContainEqual(expect.stringMatching(/mes-brno.*\bST\b/));
  expect(messages).toContainEqual(
    expect.stringContaining(
      "mes-lyon, mes-brno can tell DowntimeStarted, and no process of this project reads it",
    ),
  );
  expect(messages).toContainEqual(
    expect.stringMatching(/recordOnly names GoodsIssued, and .*make-to-ship.* reads it/),
  );
});

test("a required field that a mapping misses, an event from a system that may not tell it, a row that a phase lacks", async () => {
  plant(REPORTS, /"good": \$menge\([^)]*\),/, "");
  plant(YAML, "authority:", "authority:\n  WorkOrderStarted: [mes-lyon]");
  const own = join(folder, "processes/own-confirmation");
  mkdirSync(own, { recursive: true });
  const model = join(HOME, "processes/order-confirmation");
  for (const file of ["index.ts", "handlers.ts", "state.ts"])
    writeFileSync(
      join(own, file),
      readFileSync(join(model, file), "utf8").replaceAll("../../src/", `${HOME}/src/`),
    );
  plant("processes/own-confirmation/index.ts", `name: "order-confirmation"`, `name: "own-confirmation"`);
  plant("processes/own-confirmation/index.ts", /^ *CreditHoldPlaced: \{ handle: on\.held,.*\n/m, "");
  const messages = await found();
  for (const each of [
    /^mappings\/mes-brno\/reports\.samples\.json: .*\/data\/good/,
    /mes-brno \(mes\) may not send WorkOrderStarted: only mes-lyon may/,
    /own-confirmation.*creating.*CreditHoldPlaced/s,
  ])
    expect(messages).toContainEqual(expect.stringMatching(each));
});

test("a class of locations that two systems count is found", async () => {
  plant(YAML, "locations: [dispatch]", "locations: [dispatch, finished-goods]");
  expect(await found()).toEqual([
    expect.stringMatching(/^interlock\.yaml:\d+:\d+.*finished-goods is counted by erp already/),
  ]);
});
