import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { mappedStream } from "../stream.ts";
import type { Mappings } from "../mappings.ts";
import { openShipped, type ShippedMapping } from "../shipped.ts";
import { writeNative } from "../write.ts";
import type { Connector, Session } from "../../connector/contract.ts";
import type { Rig } from "../../connector/conformance/rig.ts";
import type { Candidate } from "../../connector/conformance/suite.ts";
import { mappingTrials } from "./mapping-trials.ts";

/** The mappings a rig is tried with: those in the connector's folder, and the rig's own in place of them. */
function mappingsOf(connector: Connector, rig: Rig, folder: string): ShippedMapping[] {
  const files = [join(folder, "mappings"), ...(rig.mappings === undefined ? [] : [rig.mappings])].flatMap(
    (lies) => globSync("*.jsonata", { cwd: lies }).map((file) => join(lies, file)),
  );
  const byName = new Map(files.map((path) => [basename(path, ".jsonata"), path]));
  return [...byName].map(([name, path]) => ({
    name,
    path,
    file: `mappings/${name}.jsonata`,
    source: readFileSync(path, "utf8"),
    system: systemOf(rig),
    direction: Object.hasOwn(connector.effects, name) ? "out" : "in",
  }));
}

function systemOf({ system = "trial" }: Rig): string {
  return system;
}

/** The connector as the engine works with it: what its mappings translate goes through them, and they are tried too. */
export function withMappings(candidate: Candidate): Candidate {
  const { connector, rig, folder } = candidate;
  const files = mappingsOf(connector, rig, folder);
  if (files.length === 0) return candidate;
  let opened: ReturnType<typeof openShipped> | undefined;
  const crosswalk = rig.crosswalk ?? join(folder, "mappings/crosswalk.csv");
  const open = async () => (await (opened ??= openShipped(files, crosswalk, [systemOf(rig)]))).mappings;
  const plant = rig.timeZone ?? "UTC";
  const written = new Map(files.filter(({ direction }) => direction === "out").map((f) => [f.name, f.file]));
  return {
    ...candidate,
    trials: (contracts) => mappingTrials(candidate, files, contracts),
    connector: {
      ...connector,
      async open(context) {
        const mappings = await open();
        const toNative = writeNative(mappings, written, { system: systemOf(rig), plant });
        const session = await connector.open({ ...context, ...(written.size > 0 && { toNative }) });
        return Object.assign(session, { translate: translator(candidate, files, mappings, session) });
      },
    } satisfies Connector,
    async close() {
      if (opened) (await opened).mappings.close();
    },
  };
}

/** A rig without a time zone is of a system that stands in no plant, such as a CRM. */
function translator(
  { connector: { streams }, rig: { timeZone: plant } }: Candidate,
  files: readonly ShippedMapping[],
  mappings: Mappings,
  session: Session,
): Session["translate"] {
  const untranslated = session.translate;
  return (stream, message) => {
    const name = streams[stream]?.mapping ?? stream;
    const mapping = files.find((given) => given.name === name);
    if (!mapping) return untranslated.call(session, stream, message);
    const { system, file } = mapping;
    return mappedStream({
      system,
      file,
      mappings,
      session,
      ...(plant !== undefined && { plant }),
    }).translate(stream, message);
  };
}
