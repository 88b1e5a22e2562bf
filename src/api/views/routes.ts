import { Type } from "typebox";

import { resetView, selectViewStates, type ViewState } from "../../view/queries.ts";
import { findViews } from "../../view/scan.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { nullable, strictObject, text } from "../schema.ts";

const VIEW = Type.Object({
  name: Type.String(),
  version: Type.Integer({ description: "Of its definition; a newer one fills it anew." }),
  checkpoint: Type.Integer({ description: "The last position of the ledger that it has taken in." }),
  lag: Type.Integer({ description: "Events it has not taken in." }),
  lagSeconds: Type.Number({ description: "How long the first of those has been in the ledger." }),
  rebuildingTo: nullable(
    Type.Integer({
      description: "It is being filled anew, and shows less than there is until its checkpoint comes here.",
    }),
  ),
  stoppedFor: nullable(
    Type.String({ description: "Why it takes in nothing more; fill it anew when that is mended." }),
  ),
});

export default defineRoutes((api, { pool }) => {
  const views = findViews();
  const known = async (): Promise<ViewState[]> => {
    const own = await views;
    return (await selectViewStates(pool)).filter(({ name }) => own.has(name));
  };

  api.get(
    "/v1/views",
    {
      config: { access: "system.read" },
      schema: {
        tags: ["views"],
        summary: "The read models, and how far behind the ledger each is",
        response: { 200: Type.Object({ items: Type.Array(VIEW) }) },
      },
    },
    async () => ({ items: await known() }),
  );

  api.post(
    "/v1/views/:name/rebuild",
    {
      config: { access: "system.act" },
      schema: {
        tags: ["views"],
        summary: "Empty a read model and fill it from the beginning of the ledger",
        description:
          "Nothing is lost: a read model only repeats what the ledger says. It shows less than there is until `rebuildingTo` is null again.",
        params: strictObject({ name: text("The read model.") }),
        response: { 202: VIEW },
      },
    },
    async ({ params: { name } }, reply) => {
      const view = (await views).get(name);
      if (!view) throw notFound("read model", name, "VIEW_UNKNOWN");
      await resetView(pool, view);
      return reply.code(202).send((await known()).find((each) => each.name === name)!);
    },
  );
});
