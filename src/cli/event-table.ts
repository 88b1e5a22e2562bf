import type { Project } from "../config/project.ts";
import type { Definitions } from "../process/load.ts";

/** Where an event can come from in a project, and what becomes of it. */
export interface EventRow {
  readonly event: string;
  /** Systems whose connector can bring it, and that may tell it. */
  readonly systems: readonly string[];
  /** Processes that read it. */
  readonly processes: readonly string[];
  /** Why nobody reads it, where that is meant. */
  readonly recordOnly?: string;
}

/** Events that the systems of a project can bring, by name. */
export function eventTable(project: Project, definitions: Definitions): EventRow[] {
  const { systems, connectors, authority, recordOnly } = project;
  const told = [...systems.values()].flatMap(({ id, connector }) =>
    Object.values(connectors.get(connector ?? "")?.streams ?? {})
      .flatMap(({ events }) => events)
      .filter((event) => authority.mayEmit(id, event).ok)
      .map((event) => ({ event, id })),
  );
  const running = [...definitions.values()].filter(({ name }) => project.processes?.includes(name) ?? true);
  return [...Map.groupBy(told, ({ event }) => event)]
    .map(([event, from]): EventRow => {
      const why = recordOnly[event];
      return {
        event,
        systems: [...new Set(from.map(({ id }) => id))],
        processes: running
          .filter(({ events, links = {}, facts = {} }) =>
            [events, links, facts].some((table) => Object.hasOwn(table, event)),
          )
          .map(({ name }) => name),
        ...(why !== undefined && { recordOnly: why }),
      };
    })
    .toSorted((a, b) => (a.event < b.event ? -1 : 1));
}

/** Events that are kept, and from which nothing follows though nobody said that this is meant; and the other way round. */
export function eventFindings(table: readonly EventRow[]): string[] {
  return table.flatMap(({ event, systems, processes, recordOnly }) => {
    if (processes.length === 0 && recordOnly === undefined)
      return [
        `interlock.yaml: ${systems.join(", ")} can tell ${event}, and no process of this project reads it: run one that does, or say why under recordOnly`,
      ];
    if (processes.length > 0 && recordOnly !== undefined)
      return [`interlock.yaml: recordOnly names ${event}, and ${processes.join(", ")} reads it: take it out`];
    return [];
  });
}
