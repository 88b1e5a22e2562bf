import { eventWords } from "../../event/words.ts";
import { showEvent } from "../events/event.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { strictObject, text } from "../schema.ts";
import { STORY } from "./answer.ts";
import { findObjects, readStory } from "./story.ts";

export default defineRoutes((api, { pool, processes }) => {
  api.get(
    "/v1/trace/:id",
    {
      config: { access: "order.read" },
      schema: {
        tags: ["trace"],
        summary: "The story around any identifier",
        description:
          "An object (salesOrder/SO-1001, or SO-1001 alone), an effect's reference, an event's position or id. The link graph is walked up to what it was made for and down to what was made for it.",
        params: strictObject({ id: text("Any identifier; encode a / as %2F.") }),
        response: { 200: STORY },
      },
    },
    async ({ params: { id: asked } }) => {
      const objects = await findObjects(pool, asked);
      if (objects.length === 0) throw notFound("object, effect or event", asked);
      const { events, ...story } = await readStory(pool, objects, processes.values());
      return {
        asked,
        ...story,
        events: events.map((event) => ({ ...showEvent(event), says: eventWords(event.data) })),
      };
    },
  );
});
