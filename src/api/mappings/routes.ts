import { Type } from "typebox";

import { mappingOf } from "../../config/mappings.ts";
import type { MappingFile, System } from "../../config/project.ts";
import { streamsOf } from "../../config/references.ts";
import { parseNativeJson } from "../../mapping/native-json.ts";
import { notFound, Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { strictObject, text } from "../schema.ts";
import { isInScope, ownSystems, type Scope, scopeOf } from "../scope.ts";
import { COMPARED, MAPPING, MAPPING_WHOLE, TRIED } from "./mapping.ts";
import { type Recorded, selectRecorded, selectRecordedMessage } from "./queries.ts";
import { compareMappings, tryMapping } from "./trial.ts";

const ADDRESS = { system: text("The system.", 60), name: text("Of the stream or the effect.", 100) };
/** Two processes side by side are as much as a trial may take from the line. */
const TRIALS_LIMIT = 2;
const SOURCE = Type.String({ minLength: 1, maxLength: 100_000, description: "The changed JSONata text." });

export default defineRoutes((api, { pool, systems, project, contracts, crosswalk }) => {
  let trials = 0;

  function find(scope: Scope, { system: id, name }: { system: string; name: string }) {
    const system = systems.get(id);
    const mapping = project.mappings.find((each) => each.system === id && each.name === name);
    if (!system || !mapping || !isInScope(scope, system.plant)) throw notFound("mapping", `${id}/${name}`);
    return { system, mapping };
  }

  async function tables() {
    const zones = Object.fromEntries([...project.plants.values()].map(({ id, timeZone }) => [id, timeZone]));
    return { crosswalk: await crosswalk.rows(), zones };
  }

  async function inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    if (trials >= TRIALS_LIMIT)
      throw new Problem(503, "NOT_READY", `${TRIALS_LIMIT} mappings are being tried already`, {
        retryAfterSeconds: 5,
      });
    trials += 1;
    try {
      return await run();
    } finally {
      trials -= 1;
    }
  }

  api.get(
    "/v1/mappings",
    {
      config: { access: "mapping.read" },
      schema: {
        tags: ["mappings"],
        summary: "The mappings in force",
        querystring: strictObject({ system: Type.Optional(ADDRESS.system) }),
        response: { 200: Type.Object({ items: Type.Array(MAPPING) }) },
      },
    },
    async (request) => {
      const scope = scopeOf(request);
      const asked = request.query.system;
      const items = project.mappings
        .filter(({ system }) => asked === undefined || system === asked)
        .filter(({ system }) => isInScope(scope, systems.get(system)?.plant))
        .map(showMapping);
      return { items };
    },
  );

  api.get(
    "/v1/mappings/:system/:name",
    {
      config: { access: "mapping.read" },
      schema: {
        tags: ["mappings"],
        summary: "One mapping with its text",
        params: strictObject(ADDRESS),
        response: { 200: MAPPING_WHOLE },
      },
    },
    async (request) => {
      const { mapping } = find(scopeOf(request), request.params);
      return { ...showMapping(mapping), source: mapping.source };
    },
  );

  api.post(
    "/v1/mappings/try",
    {
      config: { access: "mapping.try" },
      schema: {
        tags: ["mappings"],
        summary: "Run a mapping, as it is or changed, on a sample or a recorded message; nothing comes of it",
        body: strictObject({
          ...ADDRESS,
          source: Type.Optional(SOURCE),
          sample: Type.Optional(Type.Unknown({ description: "A native message, or an effect's payload." })),
          message: Type.Optional(
            Type.Integer({
              minimum: 1,
              description: "The number of a recorded message, in place of a sample.",
            }),
          ),
        }),
        response: { 200: TRIED },
      },
    },
    async (request) => {
      const { source, sample, message } = request.body;
      const { system, mapping } = find(scopeOf(request), request.body);
      if ((sample === undefined) === (message === undefined)) throw needsOneOf();
      const input = message === undefined ? sample : await recordedInput(scopeOf(request), system, message);
      const given = { file: mapping.file, source: source ?? mapping.source };
      const trial = await tables();
      return inTurn(() => tryMapping(given, input, contextOf(system, mapping), trial, contracts));
    },
  );

  api.post(
    "/v1/mappings/compare",
    {
      config: { access: "mapping.try" },
      schema: {
        tags: ["mappings"],
        summary:
          "What a changed mapping would have made of the last days' messages, beside what the one in force does",
        body: strictObject({
          ...ADDRESS,
          source: SOURCE,
          days: Type.Optional(Type.Integer({ minimum: 1, maximum: 31, description: "7 unless told." })),
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 1_000, description: "Messages; 200 unless told." }),
          ),
        }),
        response: { 200: COMPARED },
      },
    },
    async (request) => {
      const { source: changed, days = 7, limit = 200 } = request.body;
      const { system, mapping } = find(scopeOf(request), request.body);
      requireReadable(scopeOf(request), system);
      if (mapping.direction === "out")
        throw new Problem(
          422,
          "REQUEST_INVALID",
          `${mapping.file} writes an effect: only what reads recorded messages can be compared on them`,
        );
      const streams = streamsOf(system, project.connectors).filter(
        (stream) => mappingOf(system, stream, project.connectors) === mapping.name,
      );
      const recorded = await selectRecorded(pool, { system: system.id, streams, days }, limit);
      const messages = recorded.flatMap((each) => {
        const input = readInput(each);
        return input === undefined ? [] : [{ id: each.id, object: each.object, input }];
      });
      const texts = { file: mapping.file, source: mapping.source, changed };
      const trial = await tables();
      return inTurn(() => compareMappings(texts, messages, contextOf(system, mapping), trial));
    },
  );

  /** Raw messages of a system that stands in no plant speak of every plant. */
  function requireReadable(scope: Scope, { id }: System): void {
    const own = ownSystems(scope, systems);
    if (own && !own.includes(id)) throw notFound("recorded message of system", id);
  }

  async function recordedInput(scope: Scope, system: System, id: number): Promise<unknown> {
    requireReadable(scope, system);
    const found = await selectRecordedMessage(pool, system.id, id);
    if (!found) throw notFound(`message of ${system.id}`, String(id));
    const input = readInput(found);
    if (input === undefined) throw new Problem(422, "REQUEST_INVALID", `message ${id} is not JSON`);
    return input;
  }
});

function showMapping({ system, name, direction, file, shipped }: MappingFile) {
  return { system, name, direction, file, shipped };
}

function contextOf({ id, plant }: System, { direction }: MappingFile) {
  return { system: id, direction, ...(plant !== undefined && { plant }) };
}

function readInput({ raw }: Recorded): unknown {
  try {
    return parseNativeJson(new TextDecoder("utf-8", { fatal: true }).decode(raw));
  } catch {
    return undefined;
  }
}

function needsOneOf(): Problem {
  const detail = "either a sample or the number of a recorded message is needed";
  return new Problem(422, "REQUEST_INVALID", detail, { errors: [{ pointer: "/sample", detail }] });
}
