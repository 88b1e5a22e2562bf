import { plantCalendars } from "./plant-calendars.ts";
import { isRole } from "../authority/role.ts";
import type { Project, System } from "../config/project.ts";
import type { Contract } from "../contract/registry.ts";
import { parseEventType } from "../event/envelope.ts";
import type { EffectCatalog, ResolvedEffect, Surroundings } from "../process/catalog.ts";

const EFFECT_TYPE = /^([A-Z][A-Za-z0-9]*)\.v([1-9][0-9]*)$/;

/** What decisions need of a project: where effects go, what a plant's working hours are, how soon a case is due. */
export function surroundingsOf(
  project: Project,
  ledgerId: string,
  claimable: (system: string) => boolean,
): Surroundings {
  const { workingTime, caseDueAt } = plantCalendars(project);
  return { ledgerId, catalog: effectCatalog(project, claimable), workingTime, caseDueAt };
}

/** @param claimable whether this hub sends to the system and would take one more now */
export function effectCatalog(project: Project, claimable: (system: string) => boolean): EffectCatalog {
  return {
    resolve(target, type, payload, plant): ResolvedEffect | undefined {
      if (!systemsFor(project, target, plant).some(({ connector }) => connector !== undefined))
        return undefined;
      const system = systemFor(project, target, plant);
      const [, name = "", major = ""] = EFFECT_TYPE.exec(type) ?? [];
      const { contracts } = project;
      // asking is sent like an effect
      const contract =
        contracts.get("effect", name, Number(major)) ?? contracts.get("query", name, Number(major));
      check(contract, type, payload);
      const declaration = project.connectors.get(system.connector ?? "")?.effects[name];
      if (!declaration)
        throw new Error(
          `${system.id} takes no ${name}: its connector ${system.connector ?? "(none)"} does not declare it`,
        );
      return {
        system: system.id,
        lane: declaration.lane(payload as never),
        settleMs: system.pace.settleMs ?? declaration.settlesWithinMs,
        safety: declaration.safety,
        claimable: declaration.safety !== "neither" && claimable(system.id),
      };
    },
    streams(watched, plant) {
      const slash = watched.indexOf("/");
      if (slash <= 0) throw new Error(`${watched} names no stream: write <system or role>/<event or stream>`);
      const target = watched.slice(0, slash);
      if (!isRole(target) && !project.systems.has(target))
        throw new Error(`there is no system or role ${target}, whose silence ${watched} would be`);
      return systemsFor(project, target, plant).flatMap((system) => {
        const stream = streamOf(project, system, watched.slice(slash + 1));
        return stream === undefined ? [] : [`${system.id}/${stream}`];
      });
    },
    checkEvent(type, data) {
      const parsed = parseEventType(type);
      check(parsed && project.contracts.get("event", parsed.name, parsed.major), type, data);
    },
  };
}

/** By id; else those of that role, the plant's own before one that stands in no plant. */
function systemsFor(project: Project, target: string, plant: string | undefined): System[] {
  const named = isRole(target) ? undefined : project.systems.get(target);
  if (named) return [named];
  const ofRole = [...project.systems.values()].filter(({ role }) => role === target);
  const here = ofRole.filter((system) => plant !== undefined && system.plant === plant);
  return here.length > 0 ? here : ofRole;
}

function systemFor(project: Project, target: string, plant: string | undefined): System {
  const candidates = systemsFor(project, target, plant);
  if (candidates.length === 1) return candidates[0]!;
  const found = candidates.length === 0 ? "none is" : `${candidates.map(({ id }) => id).join(" and ")} are`;
  throw new Error(
    `an effect needs one system that is ${target}${plant ? ` for ${plant}` : ""}; in interlock.yaml ${found}`,
  );
}

/** @param wanted a stream by its name, or an event by which the stream is meant that is read for it */
function streamOf(project: Project, { id, connector }: System, wanted: string): string | undefined {
  const streams = project.connectors.get(connector ?? "")?.streams;
  if (!streams || Object.hasOwn(streams, wanted)) return streams && wanted;
  const bringing = Object.entries(streams).filter(([, { events }]) => events.includes(wanted));
  const isEvent = project.contracts.get("event", wanted, 1) !== undefined;
  if (bringing.length === 0 && !isEvent)
    throw new Error(
      `no stream of ${id} is called ${wanted}, nor is there such an event: it has ${Object.keys(streams).join(", ") || "none"}`,
    );
  return bringing.find(([, { kind }]) => kind === "poll")?.[0];
}

function check(contract: Contract | undefined, type: string, data: unknown): void {
  if (!contract) throw new Error(`no contract is loaded for ${type}`);
  const verdict = contract.validate(data);
  if (verdict.ok) return;
  const [first] = verdict.problems;
  throw new Error(`${type} breaks its contract at ${first?.pointer || "/"}: ${first?.message ?? "invalid"}`);
}
