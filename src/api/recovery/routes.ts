import { Type } from "typebox";

import { defineRoutes } from "../route.ts";
import { selectRecoveries } from "./queries.ts";
import { RECOVERY } from "./recovery.ts";

export default defineRoutes((api, { pool }) => {
  api.get(
    "/v1/recovery",
    {
      schema: {
        tags: ["operation"],
        summary: "Recoveries, the last first",
        description:
          "After a restore the hub asks every target before it sends anything, until the streams were read beyond the restored past.",
        response: { 200: Type.Object({ items: Type.Array(RECOVERY) }) },
      },
    },
    async () => ({ items: await selectRecoveries(pool) }),
  );
});
