import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createAuthority, ENGINE } from "../authority/authority.ts";
import type { Role } from "../authority/role.ts";
import { type Connectors, loadConnectors } from "../connector/load.ts";
import { loadContracts } from "../contract/registry.ts";
import { createCrosswalk, type Crosswalk } from "../crosswalk/crosswalk.ts";
import { readCrosswalkFiles } from "../crosswalk/file.ts";
import type { ShiftCalendar } from "../process/calendar.ts";
import type { CaseOwner } from "../process/contract.ts";
import { namesIn } from "../process/load.ts";
import { readAccess } from "./access.ts";
import { readConnectorConfig, validatorOf } from "./connector-config.ts";
import { durationMs } from "./duration.ts";
import { CONFIG_SCHEMA, type ConfigFile } from "./schema.ts";
import { readMappingFiles } from "./mapping-files.ts";
import { referenceProblems } from "./references.ts";
import { readServiceLevels } from "./service-levels.ts";
import type { Environment } from "./secret-reference.ts";
import { readYaml, type YamlFile } from "./yaml-file.ts";
import { type Owner, type Pace, type Plant, type Project, ProjectError, type System } from "./project.ts";

const HOME = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Reads a project's folder: interlock.yaml, contracts/, connectors/, crosswalks/*.csv, mappings/<system>/*.jsonata. What
 * the project does not map itself is mapped as the systems' connectors ship it.
 * @param environment where secrets come from; null to check a project without them
 * @throws ProjectError with every problem found, not only the first
 */
export async function loadProject(
  folder: string,
  environment: Environment | null = process.env,
): Promise<Project> {
  const path = join(folder, "interlock.yaml");
  if (!existsSync(path))
    throw new ProjectError([`${resolve(path)}: there is no such file; \`interlock init\` writes one`]);
  const text = readFileSync(path, "utf8");
  const yaml = readYaml("interlock.yaml", text);
  const problems = [...yaml.problems, ...(yaml.problems.length === 0 ? shapeProblems(yaml) : [])];
  const contracts = attempt(problems, () => loadContracts(foldersOf(folder, "contracts")));
  const connectors = await loadConnectors(
    foldersOf(folder, "connectors"),
    // Nobody waits for a check: it looks at all there are.
    problems.length > 0 || environment === null ? undefined : connectorsOf(yaml.value as ConfigFile),
  ).catch((error: Error) => {
    problems.push(error.message);
    return undefined;
  });
  if (problems.length > 0 || !contracts || !connectors) throw new ProjectError(problems);

  const config = yaml.value as ConfigFile;
  const systems = readSystems(config, yaml, connectors, environment, problems);
  const plants = readPlants(config);
  const authority = createAuthority(contracts, systems, config.authority);
  const access = readAccess(config.access, environment, plants, (pointer, message) =>
    problems.push(`${yaml.place(`/access${pointer}`)}: ${message}`),
  );
  const mappings = readMappingFiles(folder, systems, connectors, foldersOf(folder, "connectors"));
  const tables = globSync("crosswalks/*.csv", { cwd: folder }).toSorted();
  const crosswalk = readCrosswalks(folder, tables, new Set(systems.keys()), problems);
  const processes = foldersOf(folder, "processes").flatMap(namesIn);
  problems.push(
    ...referenceProblems({ config, yaml, systems, plants, contracts, connectors, mappings, processes }),
  );
  if (problems.length > 0) throw new ProjectError(problems);

  const read = [
    text,
    crosswalk.revision,
    ...contracts.contracts.map(({ hash }) => hash),
    ...mappings.map(({ source }) => source),
  ];
  return {
    folder,
    name: config.name,
    revision: config.revision ?? 1,
    ...(config.takeOverAfter !== undefined && { takeOverAfterMs: durationMs(config.takeOverAfter) }),
    fingerprint: createHash("sha256").update(JSON.stringify(read)).digest("hex").slice(0, 16),
    plants,
    systems,
    owners: readOwners(config),
    access,
    serviceLevels: readServiceLevels(config, (event) =>
      authority.ownersOf(event).filter((teller) => teller !== ENGINE),
    ),
    authority,
    ...(config.processes && { processes: config.processes }),
    recordOnly: config.recordOnly ?? {},
    contracts,
    connectors,
    crosswalk,
    mappings,
  };
}

function connectorsOf({ systems }: ConfigFile): ReadonlySet<string> {
  return new Set(Object.values(systems).flatMap(({ connector }) => connector ?? []));
}

function foldersOf(folder: string, name: string): string[] {
  return [join(HOME, name), join(folder, name)].filter((path) => existsSync(path));
}

function attempt<Result>(problems: string[], run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    problems.push((error as Error).message);
    return undefined;
  }
}

const validateFile = validatorOf(CONFIG_SCHEMA);

function shapeProblems(yaml: YamlFile): string[] {
  if (yaml.value === null) return [`${yaml.file}: is empty; \`interlock init\` writes one to begin with`];
  const verdict = validateFile(yaml.value);
  return verdict.ok ? [] : verdict.problems.map((problem) => sentence(yaml, problem));
}

/** `interlock.yaml:12:5 systems.d365.baseUrl: is required and missing` */
function sentence(yaml: YamlFile, problem: { pointer: string; message: string; value?: string }): string {
  const value = problem.value === undefined ? "" : `, not ${problem.value}`;
  return `${yaml.place(problem.pointer)}: ${problem.message}${value}`;
}

function readSystems(
  config: ConfigFile,
  yaml: YamlFile,
  connectors: Connectors,
  environment: Environment | null,
  problems: string[],
): Map<string, System> {
  const systems = new Map<string, System>();
  for (const [id, system] of Object.entries(config.systems)) {
    const { role, connector, plant, pace, config: given = {}, streams = {} } = system;
    const schema = connectors.get(connector ?? "")?.config;
    const read = schema ? readConnectorConfig(given, schema, environment) : { value: given, problems: [] };
    for (const problem of read.problems)
      problems.push(sentence(yaml, { ...problem, pointer: `/systems/${id}/config${problem.pointer}` }));
    systems.set(id, {
      id,
      role: role as Role,
      ...(connector !== undefined && { connector }),
      ...(plant !== undefined && { plant }),
      pace: readPace(pace),
      config: read.value,
      streams,
    });
  }
  return systems;
}

function readPace(given: ConfigFile["systems"][string]["pace"] = {}): Pace {
  const {
    concurrency,
    requestsPerSecond,
    callWithin,
    sendWithin,
    settleWithin,
    pollEvery,
    unreachableAfter,
  } = given;
  return {
    ...(concurrency !== undefined && { concurrency }),
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    ...(callWithin !== undefined && { timeoutMs: durationMs(callWithin) }),
    ...(sendWithin !== undefined && { deadlineMs: durationMs(sendWithin) }),
    ...(settleWithin !== undefined && { settleMs: durationMs(settleWithin) }),
    ...(pollEvery !== undefined && { pollMs: durationMs(pollEvery) }),
    ...(unreachableAfter !== undefined && { unreachableAfterMs: durationMs(unreachableAfter) }),
  };
}

function readPlants(config: ConfigFile): Map<string, Plant> {
  return new Map(
    Object.entries(config.plants ?? {}).map(([id, { name = id, timezone, calendar }]) => [
      id,
      {
        id,
        name,
        timeZone: timezone,
        ...(calendar && { calendar: { timeZone: timezone, ...calendar } as ShiftCalendar }),
      },
    ]),
  );
}

function readOwners(config: ConfigFile): Map<CaseOwner, Owner> {
  return new Map(
    Object.entries(config.owners ?? {}).map(([id, { name = id, email, settleWithin } = {}]) => [
      id as CaseOwner,
      {
        name,
        ...(email !== undefined && { email }),
        ...(settleWithin !== undefined && { settleWithinMs: durationMs(settleWithin) }),
      },
    ]),
  );
}

function readCrosswalks(
  folder: string,
  tables: string[],
  systems: ReadonlySet<string>,
  problems: string[],
): Crosswalk {
  const read = readCrosswalkFiles(tables, systems, (table) => readFileSync(join(folder, table)));
  problems.push(...read.problems);
  return createCrosswalk(read.rows);
}
