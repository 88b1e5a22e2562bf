import { Type } from "typebox";

import type { Plant } from "../../config/project.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { strictObject, text } from "../schema.ts";
import { isInScope, scopeOf } from "../scope.ts";
import { healthOf } from "../systems/health.ts";
import { selectSystemStates, type SystemState } from "../systems/queries.ts";
import { PLANT, type PlantAnswer } from "./plant.ts";
import { type PlantFigures, selectPlantFigures } from "./queries.ts";

export default defineRoutes((api, { pool, systems, project, pulseOf }) => {
  async function showPlants(plants: readonly Plant[]): Promise<PlantAnswer[]> {
    const ids = new Set(plants.map(({ id }) => id));
    const own = [...systems.values()].filter(({ plant }) => plant !== undefined && ids.has(plant));
    const [figures, states] = await Promise.all([
      selectPlantFigures(pool, [...ids]),
      selectSystemStates(
        pool,
        own.map(({ id }) => id),
      ),
    ]);
    return plants.map((plant) => {
      const here = states.filter(({ system }) => systems.get(system)!.plant === plant.id);
      return showPlant(
        plant,
        figures.find((each) => each.plant === plant.id)!,
        here,
      );
    });
  }

  function showPlant(
    { id, name, timeZone }: Plant,
    figures: PlantFigures,
    states: SystemState[],
  ): PlantAnswer {
    const { reports, shortestMs, medianMs, due, kept, cases } = figures;
    const silent = states.flatMap(({ silentSince }) => silentSince ?? []).toSorted();
    const heard = states.filter(({ cursors }) => cursors.length > 0);
    return {
      plant: id,
      name,
      timeZone,
      connected: connectionOf(silent.length, heard.length),
      silentSince: silent[0] ?? null,
      systems: states.map((state) => {
        const { parked = 0, unknown = 0 } = state.lanes;
        const pulse = pulseOf(state.system);
        const signs = { ...state, parkedLanes: parked, unknownLanes: unknown, pulse };
        const times = state.cursors.flatMap(({ heartbeatAt }) => heartbeatAt ?? []).toSorted();
        return {
          system: state.system,
          role: systems.get(state.system)!.role,
          ...healthOf(signs),
          heardAt: times.at(-1) ?? null,
        };
      }),
      backlog: {
        effects: states.flatMap(({ lanes }) => Object.values(lanes)).reduce((sum, n) => sum + n, 0),
        messages: states.reduce((sum, { waitingMessages }) => sum + waitingMessages, 0),
        cases,
      },
      clock: {
        reports,
        shortestMs,
        medianMs,
        aheadMs: shortestMs === null ? null : Math.max(0, -shortestMs),
      },
      localMappings: project.mappings
        .filter(({ shipped, system }) => !shipped && systems.get(system)?.plant === id)
        .map(({ system, name: mapping, file }) => ({ system, name: mapping, file })),
      scheduleAdherence: {
        value: due === 0 ? null : kept / due,
        orders: due,
        query: `/v1/kpis/schedule-adherence?plant=${encodeURIComponent(id)}`,
      },
    };
  }

  api.get(
    "/v1/plants",
    {
      config: { access: "system.read" },
      schema: {
        tags: ["systems"],
        summary: "Every plant: whether it is heard, what waits for it, its clock and its own mappings",
        response: { 200: Type.Object({ items: Type.Array(PLANT) }) },
      },
    },
    async (request) => {
      const scope = scopeOf(request);
      return {
        items: await showPlants([...project.plants.values()].filter(({ id }) => isInScope(scope, id))),
      };
    },
  );

  api.get(
    "/v1/plants/:plant",
    {
      config: { access: "system.read" },
      schema: {
        tags: ["systems"],
        summary: "One plant",
        params: strictObject({ plant: text("lyon") }),
        response: { 200: PLANT },
      },
    },
    async (request) => {
      const plant = project.plants.get(request.params.plant);
      if (!plant || !isInScope(scopeOf(request), plant.id)) throw notFound("plant", request.params.plant);
      return (await showPlants([plant]))[0]!;
    },
  );
});

function connectionOf(silent: number, read: number): PlantAnswer["connected"] {
  if (silent > 0) return silent < read ? "partly" : "no";
  return read === 0 ? "unknown" : "yes";
}
