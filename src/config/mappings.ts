import { type Mappings, openMappings } from "../mapping/mappings.ts";
import { mappedStream, type StreamReader } from "../mapping/stream.ts";
import type { Project, System } from "./project.ts";

/** Starts the mappings of a project with its crosswalk and its plants' time zones; none, no process. */
export async function openProjectMappings(project: Project): Promise<Mappings | undefined> {
  if (project.mappings.length === 0) return undefined;
  return openMappings({
    mappings: project.mappings.map(({ file, source }) => ({ file, source })),
    crosswalk: project.crosswalk.rows,
    zones: Object.fromEntries([...project.plants.values()].map(({ id, timeZone }) => [id, timeZone])),
  });
}

/**
 * The streams of a system that the project's mapping files read: those declared in interlock.yaml, and a connector's own
 * where the project translates it differently.
 */
export function mappedStreams(
  project: Project,
  mappings: Mappings,
  { id, plant, streams }: System,
  session?: StreamReader,
): ReadonlyMap<string, StreamReader> {
  return new Map(
    project.mappings
      .filter(({ system }) => system === id)
      .map(({ stream, file }) => [
        stream,
        mappedStream({
          system: id,
          file,
          mappings,
          ...(plant !== undefined && { plant }),
          ...(Object.hasOwn(streams, stream) && { identity: streams[stream]! }),
          ...(session && { session }),
        }),
      ]),
  );
}
