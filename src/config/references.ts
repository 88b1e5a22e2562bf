import { defaultOwners, ENGINE } from "../authority/authority.ts";
import { isRole } from "../authority/role.ts";
import { ADDRESSED } from "../event/engine-event.ts";
import type { Connectors } from "../connector/load.ts";
import type { ContractRegistry } from "../contract/registry.ts";
import { SEND_WITHIN_MS } from "../dispatch/dispatcher.ts";
import { readCalendar } from "../process/calendar.ts";
import { durationMs } from "./duration.ts";
import type { MappingFile, Plant, System } from "./project.ts";
import type { ConfigFile } from "./schema.ts";
import type { YamlFile } from "./yaml-file.ts";

/** What no schema can see: names that lead nowhere, zones that do not exist, authority given to nobody. */
export function referenceProblems(given: {
  config: ConfigFile;
  yaml: YamlFile;
  systems: ReadonlyMap<string, System>;
  plants: ReadonlyMap<string, Plant>;
  contracts: ContractRegistry;
  connectors: Connectors;
  mappings: readonly MappingFile[];
  processes: readonly string[];
}): string[] {
  const problems: string[] = [];
  const say = (pointer: string, message: string) => problems.push(`${given.yaml.place(pointer)}: ${message}`);
  for (const plant of given.plants.values()) checkPlant(plant, say);
  for (const system of given.systems.values()) checkSystem(system, given, say);
  for (const [event, owners] of Object.entries(given.config.authority ?? {}))
    checkAuthority(event, owners, given, say);
  for (const event of Object.keys(given.config.recordOnly ?? {}))
    if (!defaultOwners(given.contracts).has(event))
      say(`/recordOnly/${event}`, `there is no event contract ${event}`);
  checkLocations(given.config, say);
  checkTakeOver(given.config, given.systems, say);
  checkServiceLevels(given.config, given.contracts, say);
  for (const [n, name] of (given.config.processes ?? []).entries())
    if (!given.processes.includes(name))
      say(`/processes/${n}`, `there is no process "${name}", only ${given.processes.join(", ")}`);
  for (const { id, streams } of given.systems.values())
    for (const stream of Object.keys(streams))
      if (!given.mappings.some((mapping) => mapping.system === id && mapping.name === stream))
        say(
          `/systems/${id}/streams/${stream}`,
          `no mapping reads it: write mappings/${id}/${stream}.jsonata`,
        );
  for (const { file, system, name } of given.mappings) {
    const found = given.systems.get(system);
    if (!found) problems.push(`${file}: there is no system "${system}" in interlock.yaml`);
    else if (!mappingNames(found, given.connectors).includes(name)) {
      const known = mappingNames(found, given.connectors).join(", ") || "none";
      problems.push(`${file}: system ${system} has no stream or effect "${name}" to map, only ${known}`);
    }
  }
  return problems;
}

type Say = (pointer: string, message: string) => void;

function checkPlant({ id, timeZone, calendar }: Plant, say: Say): void {
  try {
    Intl.DateTimeFormat("en", { timeZone });
  } catch {
    say(`/plants/${id}/timezone`, `"${timeZone}" is no time zone such as Europe/Paris`);
    return;
  }
  try {
    if (calendar) readCalendar(id, calendar);
  } catch (error) {
    say(`/plants/${id}/calendar`, (error as Error).message);
  }
}

function checkSystem(
  system: System,
  {
    plants,
    connectors,
    config,
  }: { plants: ReadonlyMap<string, Plant>; connectors: Connectors; config: ConfigFile },
  say: Say,
): void {
  const at = `/systems/${system.id}`;
  if (system.plant !== undefined && !plants.has(system.plant))
    say(`${at}/plant`, `there is no plant "${system.plant}" under plants`);
  if (system.role === "mes" && system.plant === undefined) say(at, "an MES stands in a plant: name it");
  if (system.connector !== undefined && !connectors.has(system.connector))
    say(
      `${at}/connector`,
      `there is no connector "${system.connector}", only ${[...connectors.keys()].join(", ")}`,
    );
  if (system.connector === undefined && config.systems[system.id]?.config !== undefined)
    say(`${at}/config`, "there is no connector to use this");
  const declared = connectors.get(system.connector ?? "")?.streams ?? {};
  for (const stream of Object.keys(system.streams))
    if (Object.hasOwn(declared, stream))
      say(`${at}/streams/${stream}`, "the connector already declares this stream");
}

function checkAuthority(
  event: string,
  owners: readonly string[],
  { systems, contracts }: { systems: ReadonlyMap<string, System>; contracts: ContractRegistry },
  say: Say,
): void {
  const at = `/authority/${event}`;
  const standard = defaultOwners(contracts).get(event);
  if (!standard) say(at, `there is no event contract ${event}`);
  if (standard?.includes(ENGINE)) say(at, "only Interlock itself may tell this");
  for (const [n, owner] of owners.entries())
    if (!isRole(owner) && !systems.has(owner)) say(`${at}/${n}`, `"${owner}" is neither a role nor a system`);
}

/** A hub that was taken over may still begin to send for a moment, and its successor looks only after that. */
function checkTakeOver({ takeOverAfter }: ConfigFile, systems: ReadonlyMap<string, System>, say: Say): void {
  if (takeOverAfter === undefined) return;
  for (const { id, connector, pace } of systems.values())
    if (connector !== undefined && (pace.deadlineMs ?? SEND_WITHIN_MS) >= durationMs(takeOverAfter))
      say(
        "/takeOverAfter",
        `${takeOverAfter} is not longer than ${id} may take to begin a call: raise it, or lower pace.sendWithin of ${id} (5s unless told)`,
      );
}

/** A hop that no event begins or ends, or of which nothing says what it is about, would be kept or missed without anybody knowing. */
function checkServiceLevels({ serviceLevels = {} }: ConfigFile, contracts: ContractRegistry, say: Say): void {
  const known = defaultOwners(contracts);
  for (const [name, { from, to, unless = [] }] of Object.entries(serviceLevels)) {
    const at = `/serviceLevels/${name}`;
    const marks = [
      ["from", from],
      ["to", to],
      ...unless.map((mark, n) => [`unless/${n}`, mark] as const),
    ] as const;
    for (const [side, { event, by }] of marks) {
      if (!known.has(event)) say(`${at}/${side}/event`, `there is no event contract ${event}`);
      else if ((ADDRESSED as ReadonlySet<string>).has(event))
        say(`${at}/${side}/event`, `${event} is told to one process only: name an event of the business`);
      for (const [n, field] of by.entries())
        if (known.has(event) && !fieldsOf(contracts, event).has(field))
          say(
            `${at}/${side}/by/${n}`,
            `${event} has no field ${field}, only ${[...fieldsOf(contracts, event)].join(", ")}`,
          );
      if (by.length !== from.by.length)
        say(
          `${at}/${side}/by`,
          `has ${by.length} fields and from has ${from.by.length}: they are compared one by one`,
        );
    }
    if (from.event === to.event) say(`${at}/to/event`, `a hop does not end with the event it begins with`);
  }
}

/** Of any version of an event. */
function fieldsOf({ contracts }: ContractRegistry, event: string): Set<string> {
  return new Set(
    contracts
      .filter(({ kind, name }) => kind === "event" && name === event)
      .flatMap(({ schema }) => Object.keys((schema["properties"] as object | undefined) ?? {})),
  );
}

/** What two systems count is counted twice. */
function checkLocations({ systems }: ConfigFile, say: Say): void {
  const owners = new Map<string, string>();
  for (const [id, { locations = [] }] of Object.entries(systems))
    for (const [n, name] of locations.entries()) {
      const owner = owners.get(name);
      if (owner !== undefined)
        say(
          `/systems/${id}/locations/${n}`,
          `the stock of ${name} is counted by ${owner} already: one of them owns it`,
        );
      owners.set(name, id);
    }
}

/** The streams a system can bring: its connector's, and those interlock.yaml declares. */
export function streamsOf(system: System, connectors: Connectors): string[] {
  const declared = connectors.get(system.connector ?? "")?.streams ?? {};
  return [...Object.keys(declared), ...Object.keys(system.streams)];
}

/** What a mapping of the system can be named after. */
function mappingNames(system: System, connectors: Connectors): string[] {
  const { streams = {}, effects = {} } = connectors.get(system.connector ?? "") ?? {};
  const declared = Object.entries(streams).map(([stream, { mapping }]) => mapping ?? stream);
  return [...new Set([...declared, ...Object.keys(system.streams), ...Object.keys(effects)])];
}
