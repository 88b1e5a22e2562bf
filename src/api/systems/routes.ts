import { Type } from "typebox";

import { setSystemPaused } from "../../case/system-action.ts";
import { hideSecrets } from "../../config/hide-secrets.ts";
import type { System } from "../../config/project.ts";
import { now } from "../now.ts";
import { WORD, wordOf } from "../person.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { strictObject, text } from "../schema.ts";
import { isInScope, requirePlant, type Scope, scopeOf } from "../scope.ts";
import { testConnection } from "./connection.ts";
import { healthOf } from "./health.ts";
import { selectSystemStates, type SystemState } from "./queries.ts";
import { SYSTEM, SYSTEM_DETAIL, type SystemAnswer, type SystemDetail, TEST } from "./system.ts";

const ADDRESS = strictObject({ system: text("The system.") });

export default defineRoutes((api, { pool, bell, systems, project, pulseOf, sessionOf }) => {
  function find(id: string, scope: Scope): System {
    const system = systems.get(id);
    if (!system || !isInScope(scope, system.plant)) throw notFound("system", id);
    return system;
  }

  async function showSystems(names: readonly string[]): Promise<SystemAnswer[]> {
    return (await selectSystemStates(pool, names)).map(showSystem);
  }

  function showSystem(state: SystemState): SystemAnswer {
    const { role, plant = null, connector = null } = systems.get(state.system)!;
    const pulse = pulseOf(state.system);
    const { parked = 0, unknown = 0 } = state.lanes;
    const signs = { ...state, parkedLanes: parked, unknownLanes: unknown, pulse };
    return { ...state, role, plant, connector, ...healthOf(signs), pulse: pulse ?? null };
  }

  function describe({ id, connector: product, config, pace, streams }: System) {
    const connector = project.connectors.get(product ?? "");
    const declared = Object.entries(connector?.streams ?? {}).map(([stream, { kind, events, help }]) => ({
      stream,
      kind,
      events: [...events],
      help,
    }));
    const own = Object.keys(streams).map((stream) => ({
      stream,
      kind: "pushed" as const,
      events: [],
      help: null,
    }));
    return {
      title: connector?.title ?? null,
      config: hideSecrets(config, connector?.config),
      pace: { ...pace },
      streams: [...declared, ...own],
      effects: Object.entries(connector?.effects ?? {}).map(([effect, { safety, settlesWithinMs }]) => ({
        effect,
        safety,
        settlesWithinMs,
      })),
      mappings: project.mappings
        .filter(({ system }) => system === id)
        .map(({ name, file, direction, shipped }) => ({ name, file, direction, shipped })),
    } satisfies Partial<SystemDetail>;
  }

  api.get(
    "/v1/systems",
    {
      config: { access: "system.read" },
      schema: {
        tags: ["systems"],
        summary: "Every system of interlock.yaml: how it fares, what waits for it, what was read from it",
        response: { 200: Type.Object({ items: Type.Array(SYSTEM) }) },
      },
    },
    async (request) => {
      const scope = scopeOf(request);
      const seen = [...systems.values()].filter(({ plant }) => isInScope(scope, plant));
      return { items: await showSystems(seen.map(({ id }) => id)) };
    },
  );

  api.get(
    "/v1/systems/:system",
    {
      config: { access: "system.read" },
      schema: {
        tags: ["systems"],
        summary: "One system with its configuration, what it tells and what it takes",
        params: ADDRESS,
        response: { 200: SYSTEM_DETAIL },
      },
    },
    async (request) => {
      const system = find(request.params.system, scopeOf(request));
      return { ...(await showSystems([system.id]))[0]!, ...describe(system) };
    },
  );

  api.post(
    "/v1/systems/:system/test",
    {
      config: { access: "system.act" },
      schema: {
        tags: ["systems"],
        summary: "Whether a system answers now, found out by reading: nothing is kept and nothing moves",
        params: ADDRESS,
        response: { 200: TEST },
      },
    },
    async (request) => {
      const { id, plant, connector } = find(request.params.system, scopeOf(request));
      requirePlant(request, plant, `system ${id}`);
      const [stream] = Object.entries(project.connectors.get(connector ?? "")?.streams ?? {})
        .filter(([, { kind }]) => kind === "poll")
        .map(([name]) => name);
      const [state] = await selectSystemStates(pool, [id]);
      const cursor = state?.cursors.find((each) => each.stream === stream)?.position ?? undefined;
      return testConnection(sessionOf(id), stream, cursor);
    },
  );

  for (const [action, summary] of [
    ["pause", "Send nothing more to a system; what is under way still ends"],
    ["resume", "Send to a system again"],
  ] as const) {
    api.post(
      `/v1/systems/:system/${action}`,
      {
        config: { access: "system.act" },
        schema: {
          tags: ["systems"],
          summary,
          params: ADDRESS,
          body: strictObject(WORD),
          response: { 200: SYSTEM },
        },
      },
      async (request) => {
        const { id, plant } = find(request.params.system, scopeOf(request));
        requirePlant(request, plant, `system ${id}`);
        await setSystemPaused(pool, id, action === "pause", {
          ...wordOf(request, request.body),
          now: now(),
        });
        bell.ring();
        return (await showSystems([id]))[0]!;
      },
    );
  }
});
