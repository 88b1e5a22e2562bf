import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ContractRegistry } from "../../contract/registry.ts";
import type { Candidate } from "../../connector/conformance/suite.ts";
import { mappingFindings } from "../samples.ts";
import { openShipped, type ShippedMapping } from "../shipped.ts";

/** Each mapping a connector ships, or a rig puts in its place, does what its samples say and keeps its contracts. */
export function mappingTrials(
  { connector, rig, folder }: Candidate,
  files: readonly ShippedMapping[],
  contracts: ContractRegistry,
): void {
  test("has mappings that hold by their samples", async () => {
    const crosswalk = rig.crosswalk ?? join(folder, "mappings/crosswalk.csv");
    const { mappings, problems } = await openShipped(files, crosswalk, [files[0]!.system]);
    const findings = [...problems, ...mappings.problems.map(({ message }) => message)];
    for (const { file, path, name, system, direction } of files) {
      const context = { system, direction, plant: rig.timeZone ?? "UTC" };
      findings.push(...(await mappingFindings(mappings, { contracts }, { file, path, name, context })));
    }
    mappings.close();
    expect(findings).toEqual([]);
  });

  const shared = Object.values(connector.streams).map(({ mapping }) => mapping);
  for (const { name, path } of files.filter((file) => shared.filter((used) => used === file.name).length > 1))
    test(`${name} gives the same event the same id, by whichever of its streams it comes`, () => {
      const samples = JSON.parse(readFileSync(path.replace(/\.jsonata$/, ".samples.json"), "utf8")) as {
        name: string;
        output?: { type?: string; id?: string };
      }[];
      const nameless = samples.filter(({ output }) => output?.type !== undefined && output.id === undefined);
      expect(nameless.map((sample) => sample.name)).toEqual([]);
    });

  test("maps only what it declares", () => {
    const { streams, effects } = connector;
    const declared = Object.entries(streams).map(([stream, { mapping }]) => mapping ?? stream);
    const names = files.map(({ name }) => name);
    expect(names.filter((name) => ![...declared, ...Object.keys(effects)].includes(name))).toEqual([]);
  });
}
