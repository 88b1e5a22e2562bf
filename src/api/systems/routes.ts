import { Type } from "typebox";

import { defineRoutes } from "../route.ts";
import { selectSystemStates } from "./queries.ts";
import { SYSTEM } from "./system.ts";

export default defineRoutes((api, { pool, systems }) => {
  api.get(
    "/v1/systems",
    {
      schema: {
        tags: ["systems"],
        summary: "Every system of interlock.yaml: what waits for it, what was read from it",
        response: { 200: Type.Object({ items: Type.Array(SYSTEM) }) },
      },
    },
    async () => {
      const states = await selectSystemStates(pool, [...systems.keys()]);
      return {
        items: states.map((state) => {
          const { role, plant = null, connector = null } = systems.get(state.system)!;
          return { ...state, role, plant, connector };
        }),
      };
    },
  );
});
