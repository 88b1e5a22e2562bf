import type { Session } from "../connector/contract.ts";
import { mappedSession } from "../mapping/mapped-session.ts";
import { type Mappings, openMappings } from "../mapping/mappings.ts";
import type { Project } from "./project.ts";

/** Starts the mappings of a project with its crosswalk and its plants' time zones. */
export function openProjectMappings(project: Project): Promise<Mappings> {
  return openMappings({
    mappings: project.mappings.map(({ file, source }) => ({ file, source })),
    crosswalk: project.crosswalk.rows,
    zones: Object.fromEntries([...project.plants.values()].map(({ id, timeZone }) => [id, timeZone])),
  });
}

/**
 * The session of one of the project's systems, its mappings in front.
 * @param session the connector's; absent where the system has no connector
 */
export function projectSession(
  project: Project,
  mappings: Mappings,
  system: string,
  session?: Session,
): Session {
  const { plant, streams } = project.systems.get(system)!;
  const own = project.mappings.filter((mapping) => mapping.system === system);
  return mappedSession({
    system,
    streams,
    files: new Map(own.map(({ stream, file }) => [stream, file])),
    mappings,
    ...(plant !== undefined && { plant }),
    ...(session && { session }),
  });
}
