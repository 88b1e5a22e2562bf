import type { Contract } from "../../contract/registry.ts";
import type { ApiContext } from "../context.ts";

/** Who tells or wants what a contract describes, or takes it. */
export interface Party {
  readonly kind: "system" | "process" | "person" | "engine";
  readonly id: string;
  /** By which right or on which way, in words. */
  readonly how: string;
}

type Surroundings = Pick<ApiContext, "systems" | "processes" | "project">;

/** Who may tell an event by authority, with the streams on which its connector brings it. */
export function producersOf({ kind, name, schema }: Contract, { systems, project }: Surroundings): Party[] {
  if (kind !== "event") return [];
  const owners = project.authority.ownersOf(name);
  const parties = [...systems.values()]
    .filter(({ id }) => project.authority.mayEmit(id, name).ok)
    .map(({ id, role, connector }): Party => {
      const streams = Object.entries(project.connectors.get(connector ?? "")?.streams ?? {})
        .filter(([, { events }]) => events.includes(name))
        .map(([stream]) => stream);
      const way = streams.length > 0 ? `on ${streams.join(", ")}` : "if it sends it to POST /v1/events";
      return { kind: "system", id, how: `as ${owners.includes(id) ? id : role}, ${way}` };
    });
  if (schema["x-person"] === true)
    parties.push({ kind: "person", id: "people", how: "with actor and reason, by POST /v1/decisions" });
  if (owners.includes("interlock"))
    parties.push({ kind: "engine", id: "interlock", how: "the engine itself, or a process that derives it" });
  return parties;
}

/** Who reads an event, or carries out an effect or answers a query. */
export function consumersOf(
  { kind, name }: Contract,
  { systems, processes, project }: Surroundings,
): Party[] {
  if (kind === "event") {
    return [...processes.values()]
      .filter(({ events }) => Object.hasOwn(events, name))
      .map(({ name: id, subjectKind }): Party => ({ kind: "process", id, how: `for each ${subjectKind}` }));
  }
  return [...systems.values()].flatMap(({ id, connector }): Party[] => {
    const declared = project.connectors.get(connector ?? "")?.effects[name];
    if (!declared) return [];
    return [{ kind: "system", id, how: kind === "query" ? "answers it" : SAFETY[declared.safety] }];
  });
}

const SAFETY = {
  idempotent: "carries it out; the product itself takes the same reference once",
  probe: "carries it out; it can be looked up by its reference",
  neither: "carries it out; an answer that was not seen is for a person",
};
