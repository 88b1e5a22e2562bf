import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readCrosswalkFiles } from "../crosswalk/file.ts";
import { type Mappings, openMappings } from "./mappings.ts";
import { mappingFindings, type SampleRules } from "./samples.ts";

/** A mapping as a connector ships it: `connectors/<product>/mappings/<name>.jsonata`, with its samples. */
export interface ShippedMapping {
  /** Shown in findings. */
  readonly file: string;
  readonly path: string;
  readonly source: string;
  readonly name: string;
  readonly system: string;
  readonly direction: "in" | "out";
}

/** Rows that the samples beside it are written against, for `*`; a project has its own. */
const CROSSWALK = "crosswalk.csv";

/**
 * Runs the samples of shipped mappings as they were written: a project with other items, units and time zones must not
 * make them wrong.
 */
export async function shippedFindings(
  shipped: readonly ShippedMapping[],
  rules: SampleRules,
): Promise<string[]> {
  const findings: string[] = [];
  for (const [folder, files] of Map.groupBy(shipped, ({ path }) => dirname(path))) {
    const { mappings, problems } = await openShipped(files, join(folder, CROSSWALK));
    findings.push(...problems);
    try {
      for (const { file, path, name, system, direction } of files) {
        const context = { system, direction, plant: "UTC" };
        findings.push(...(await mappingFindings(mappings, rules, { file, path, name, context })));
      }
    } finally {
      mappings.close();
    }
  }
  return findings;
}

/**
 * Starts shipped mappings with the given crosswalk, in plants that are called as their time zones.
 * @param systems whose rows the crosswalk may have beside those for `*`
 */
export async function openShipped(
  shipped: readonly Pick<ShippedMapping, "file" | "source">[],
  crosswalk: string,
  systems: readonly string[] = [],
): Promise<{ mappings: Mappings; problems: string[] }> {
  const tables = existsSync(crosswalk) ? [crosswalk] : [];
  const { rows, problems } = readCrosswalkFiles(tables, new Set(systems));
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  const mappings = await openMappings({
    mappings: shipped.map(({ file, source }) => ({ file, source })),
    crosswalk: rows,
    zones: Object.fromEntries(zones.map((zone) => [zone, zone])),
  });
  return { mappings, problems };
}
