import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConnectors } from "./load.ts";

const ROOT = join(import.meta.dirname, "../..");

function folderWith(name: string, index: string): string {
  const folder = mkdtempSync(join(tmpdir(), "connectors-"));
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, "index.ts"), index);
  return folder;
}

test("finds a connector in a folder made on the fly, beside the shipped ones", async () => {
  const folder = folderWith(
    "fly",
    "export default { product: 'fly', streams: {}, effects: {}, open: () => ({}) };",
  );
  const products = [...(await loadConnectors([join(ROOT, "connectors"), folder])).keys()];
  expect(products).toEqual(expect.arrayContaining(["reference", "fly"]));
});

test("refuses a connector that is none, calls itself otherwise, or is there twice", async () => {
  const none = folderWith("none", "export default { product: 'none' };");
  await expect(loadConnectors([none])).rejects.toThrow(/none.index\.ts: its default export is no connector/);
  const other = folderWith("one", "export default { product: 'two', open: () => ({}) };");
  await expect(loadConnectors([other])).rejects.toThrow(
    /the connector calls itself two; name it as its folder/,
  );
  const twice = join(ROOT, "connectors");
  await expect(loadConnectors([twice, twice])).rejects.toThrow(/a connector \w+ already exists/);
});

test("takes a folder that does not exist for one without connectors", async () => {
  expect((await loadConnectors([join(tmpdir(), "no-such-folder-of-connectors")])).size).toBe(0);
});

test("reads only the connectors that are wanted, and all where one of those is not there", async () => {
  const broken = folderWith("broken", "throw new Error('was read');");
  mkdirSync(join(broken, "fine"));
  writeFileSync(
    join(broken, "fine", "index.ts"),
    "export default { product: 'fine', streams: {}, effects: {}, open: () => ({}) };",
  );
  expect([...(await loadConnectors([broken], new Set(["fine"]))).keys()]).toEqual(["fine"]);
  await expect(loadConnectors([broken], new Set(["fine", "gone"]))).rejects.toThrow("was read");
});
