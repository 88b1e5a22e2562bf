import { sampleFindings } from "../contract/samples.ts";
import { contractFindings } from "../contract/schema-rules.ts";
import { mappingFindings } from "../mapping/samples.ts";
import { shippedFindings } from "../mapping/shipped.ts";
import { distinctMappings, openProjectMappings } from "./mappings.ts";
import { loadProject } from "./load.ts";
import { type Project, ProjectError } from "./project.ts";

/** Something to correct before the project runs. */
export interface Finding {
  area: "config" | "contract" | "mapping" | "authority";
  /** A sentence that begins with file and place. */
  message: string;
}

/**
 * Proves a project offline, without secrets and without its systems: config, contracts with their samples, crosswalks,
 * mappings with their samples, authority. Whether the processes are total is for their own check.
 */
export async function checkProject(folder: string): Promise<Finding[]> {
  let project: Project;
  try {
    project = await loadProject(folder, null);
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
    return error.problems.map((message) => ({ area: "config", message }));
  }
  const broken = contractFindings(project.contracts);
  const contracts = broken.length > 0 ? broken : sampleFindings(project.contracts);
  return [
    ...contracts.map((message): Finding => ({ area: "contract", message })),
    ...(await checkMappings(project)).map((message): Finding => ({ area: "mapping", message })),
    ...authorityGaps(project).map((message): Finding => ({ area: "authority", message })),
  ];
}

/** The project's own mappings against its crosswalk and plants, the shipped ones against what is shipped with them. */
async function checkMappings(project: Project): Promise<string[]> {
  const own = project.mappings.filter(({ shipped }) => !shipped);
  const mappings = await openProjectMappings(project);
  if (!mappings) return [];
  try {
    const findings = mappings.problems.map(({ message }) => message);
    const broken = new Set(mappings.problems.map(({ file }) => file));
    for (const { file, path, system, name, direction } of own) {
      if (broken.has(file)) continue;
      const plant = project.systems.get(system)?.plant;
      const context = { system, direction, ...(plant !== undefined && { plant }) };
      findings.push(...(await mappingFindings(mappings, project, { file, path, name, context })));
    }
    const intact = distinctMappings(project.mappings).filter(
      ({ file, shipped }) => shipped && !broken.has(file),
    );
    return [...findings, ...(await shippedFindings(intact, project))];
  } finally {
    mappings.close();
  }
}

/** Events that nobody may send: whoever sent one would be refused. */
function authorityGaps({ contracts, authority }: Project): string[] {
  return contracts.contracts
    .filter(({ kind, name }) => kind === "event" && authority.ownersOf(name).length === 0)
    .map(
      ({ name, file }) =>
        `${file}: nobody may send ${name}: name its owner in x-owner, or under authority in interlock.yaml`,
    );
}
