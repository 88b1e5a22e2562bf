import { Type } from "typebox";

import { defineRoutes } from "../route.ts";
import { nullable } from "../schema.ts";
import { demoControl } from "./control.ts";

export default defineRoutes((api) => {
  const control = demoControl() ?? null;
  api.get(
    "/v1/demo",
    {
      config: { access: "signed-in" },
      schema: {
        tags: ["overview"],
        summary: "The demo that this hub belongs to",
        description:
          "A page asks the demo itself what it plays, and has it do things, at this address of the same machine.",
        response: {
          200: Type.Object({
            control: nullable(
              Type.Object(
                { origin: Type.String(), token: Type.String({ description: "As bearer token." }) },
                { description: "null: no demo has started this hub." },
              ),
            ),
          }),
        },
      },
    },
    async () => ({ control }),
  );
});
