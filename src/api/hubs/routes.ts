import { Type } from "typebox";

import { defineRoutes } from "../route.ts";
import { TIME } from "../schema.ts";
import { selectLeases } from "./queries.ts";

const LEASE = Type.Object({
  name: Type.String({ description: "What is leased: router, process:07, system:d365, intake:d365." }),
  hub: Type.String(),
  fence: Type.Integer({
    description: "Grows with each owner; a late writer of an older one changes nothing.",
  }),
  expiresAt: TIME,
  held: Type.Boolean({ description: "False: its owner is gone and another hub takes it over." }),
  checkpoint: Type.Integer({ description: "How far this piece of work has come." }),
});

export default defineRoutes((api, { pool }) => {
  api.get(
    "/v1/hubs",
    {
      config: { access: "system.read" },
      schema: {
        tags: ["hubs"],
        summary: "Who works on what",
        description: "Every piece of work has one leased owner among the hubs that share the database.",
        response: { 200: Type.Object({ leases: Type.Array(LEASE) }) },
      },
    },
    async () => ({ leases: await selectLeases(pool) }),
  );
});
