import type { ToNative } from "../connector/contract.ts";
import type { Connectors } from "../connector/load.ts";
import { type Mappings, openMappings } from "../mapping/mappings.ts";
import { mappedStream, type StreamReader } from "../mapping/stream.ts";
import { writeNative } from "../mapping/write.ts";
import type { MappingFile, Project, System } from "./project.ts";
import { streamsOf } from "./references.ts";

/** Starts the mappings of a project with its crosswalk and its plants' time zones; none, no process. */
export async function openProjectMappings(project: Project): Promise<Mappings | undefined> {
  if (project.mappings.length === 0) return undefined;
  return openMappings({
    mappings: distinctMappings(project.mappings),
    crosswalk: project.crosswalk.rows,
    zones: Object.fromEntries([...project.plants.values()].map(({ id, timeZone }) => [id, timeZone])),
  });
}

/** Each file once, however many systems it serves. */
export function distinctMappings<File extends Pick<MappingFile, "file">>(mappings: readonly File[]): File[] {
  return [...new Map(mappings.map((mapping) => [mapping.file, mapping])).values()];
}

/**
 * The streams of a system that mapping files read: those declared in interlock.yaml, and a connector's own where it
 * ships a mapping or the project translates it differently.
 */
export function mappedStreams(
  project: Project,
  mappings: Mappings,
  system: System,
  session?: StreamReader,
): ReadonlyMap<string, StreamReader> {
  const { id, plant, streams } = system;
  return new Map(
    streamsOf(system, project.connectors).flatMap((stream) => {
      const name = mappingOf(system, stream, project.connectors);
      const mapping = project.mappings.find((given) => given.system === id && given.name === name);
      if (!mapping) return [];
      const reader = mappedStream({
        system: id,
        file: mapping.file,
        mappings,
        ...(plant !== undefined && { plant }),
        ...(Object.hasOwn(streams, stream) && { identity: streams[stream]! }),
        ...(session && { session }),
      });
      return [[stream, reader] as const];
    }),
  );
}

/** The name of the mapping that translates a stream. */
export function mappingOf({ connector }: System, stream: string, connectors: Connectors): string {
  return connectors.get(connector ?? "")?.streams[stream]?.mapping ?? stream;
}

/** How the payloads of effects get the system's own words; undefined when no mapping of the system does that. */
export function nativeWriter(
  project: Project,
  mappings: Mappings,
  { id, plant }: System,
): ToNative | undefined {
  const files = new Map(
    project.mappings
      .filter(({ system, direction }) => system === id && direction === "out")
      .map(({ name, file }) => [name, file]),
  );
  return files.size === 0 ? undefined : writeNative(mappings, files, { system: id, plant });
}
