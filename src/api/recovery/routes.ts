import { Type } from "typebox";

import { endRecoveryByPerson } from "../../audit/recovery.ts";
import { WORD, wordOf } from "../person.ts";
import { Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { requirePlant } from "../scope.ts";
import { strictObject } from "../schema.ts";
import { selectRecoveries } from "./queries.ts";
import { RECOVERY } from "./recovery.ts";

export default defineRoutes((api, { pool, bell }) => {
  api.get(
    "/v1/recovery",
    {
      config: { access: "system.read" },
      schema: {
        tags: ["audit"],
        summary: "Recoveries, the last first",
        description:
          "After a restore the hub asks every target before it sends anything, until the streams were read beyond the restored past.",
        response: { 200: Type.Object({ items: Type.Array(RECOVERY) }) },
      },
    },
    async () => ({ items: await selectRecoveries(pool) }),
  );

  api.post(
    "/v1/recovery/end",
    {
      config: { access: "recovery.act" },
      schema: {
        tags: ["audit"],
        summary: "End the recovery: a person knows that the targets and the ledger agree",
        body: strictObject(WORD),
        response: { 200: RECOVERY },
      },
    },
    async (request) => {
      requirePlant(request, undefined, "a recovery");
      if (!(await endRecoveryByPerson(pool, wordOf(request, request.body))))
        throw new Problem(409, "CASE_MOVED", "no recovery is open");
      bell.ring();
      return (await selectRecoveries(pool))[0]!;
    },
  );
});
