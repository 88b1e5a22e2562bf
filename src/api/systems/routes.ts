import { Type } from "typebox";

import { setSystemPaused } from "../../case/system-action.ts";
import { now } from "../now.ts";
import { WORD, wordOf } from "../person.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { strictObject, text } from "../schema.ts";
import { selectSystemStates } from "./queries.ts";
import { SYSTEM } from "./system.ts";

export default defineRoutes((api, { pool, bell, systems }) => {
  async function showSystems(names: readonly string[]) {
    const states = await selectSystemStates(pool, names);
    return states.map((state) => {
      const { role, plant = null, connector = null } = systems.get(state.system)!;
      return { ...state, role, plant, connector };
    });
  }

  api.get(
    "/v1/systems",
    {
      config: { access: "system.read" },
      schema: {
        tags: ["systems"],
        summary: "Every system of interlock.yaml: what waits for it, what was read from it",
        response: { 200: Type.Object({ items: Type.Array(SYSTEM) }) },
      },
    },
    async () => ({ items: await showSystems([...systems.keys()]) }),
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
          params: strictObject({ system: text("The system.") }),
          body: strictObject(WORD),
          response: { 200: SYSTEM },
        },
      },
      async (request) => {
        const { system } = request.params;
        if (!systems.has(system)) throw notFound("system", system);
        await setSystemPaused(pool, system, action === "pause", {
          ...wordOf(request, request.body),
          now: now(),
        });
        bell.ring();
        return (await showSystems([system]))[0]!;
      },
    );
  }
});
