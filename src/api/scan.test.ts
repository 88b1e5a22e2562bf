import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { findErrors, findResources } from "./scan.ts";

const folder = mkdtempSync(join(tmpdir(), "interlock-scan-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a new folder with routes is a resource, and its errors have words, without another change", async () => {
  mkdirSync(join(folder, "pallets"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "pallets/routes.ts"), "export default () => {};");
  writeFileSync(
    join(folder, "pallets/errors.ts"),
    'export const PALLET_ERRORS = { PALLET_LOST: "It is gone. Look again." };',
  );
  expect([...(await findResources(folder)).keys()]).toEqual(["pallets"]);
  expect(await findErrors(folder)).toEqual(new Map([["PALLET_LOST", "It is gone. Look again."]]));
});
