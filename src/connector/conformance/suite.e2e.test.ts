import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { setUp, type Stand } from "./stand.ts";
import { findCandidates, type Candidate } from "./suite.ts";

const CONNECTORS = join(import.meta.dirname, "../../../connectors");
const shipped = (file: string) => pathToFileURL(join(CONNECTORS, "reference", file)).href;

const stands: Stand[] = [];
afterEach(async () => {
  for (const stand of stands.splice(0)) await stand.close();
});

async function open({ connector, rig }: Candidate): Promise<Stand> {
  const stand = await setUp(connector, rig);
  stands.push(stand);
  return stand;
}

/** A connector of its own in a new folder, lent from the reference connector. */
function folderMadeOnTheFly({ rig }: { rig: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), "connectors-"));
  mkdirSync(join(folder, "fly"));
  const index = `import reference from "${shipped("index.ts")}";\nexport default { ...reference, product: "fly" };`;
  writeFileSync(join(folder, "fly/index.ts"), index);
  if (rig)
    writeFileSync(join(folder, "fly/conformance.ts"), `export { rig } from "${shipped("conformance.ts")}";`);
  return folder;
}

test("finds a connector in a folder made on the fly and tries it against its simulator", async () => {
  const [candidate, ...others] = await findCandidates(folderMadeOnTheFly({ rig: true }));
  expect(others).toEqual([]);
  expect(candidate!.connector.product).toBe("fly");
  const stand = await open(candidate!);
  const effect = stand.effect("CreateSalesOrder", stand.nextObject());
  expect(await stand.drive("CreateSalesOrder", effect)).toEqual({ ended: "applied", why: "" });
});

test("lets no connector go untried", async () => {
  await expect(findCandidates(folderMadeOnTheFly({ rig: false }))).rejects.toThrow(
    /fly.conformance\.ts is missing/,
  );
});

test("shows in the peer's book what a client does that repeats a write below the engine", async () => {
  const [candidate] = await findCandidates(folderMadeOnTheFly({ rig: true }));
  const stand = await open(candidate!);
  await stand.peer.set({ uniqueReference: false });
  await stand.peer.arm({ kind: "answer-lost", operations: ["createOrder"] });
  const effect = stand.effect("CreateSalesOrder", stand.nextObject());
  for (let sent = 0; sent < 2; sent++) await stand.session.apply(effect, stand.signal);
  expect(await stand.peer.counts(effect.reference)).toEqual({ applied: 2, standing: 2 });
});
