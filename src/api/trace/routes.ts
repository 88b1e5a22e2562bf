import type { LedgerEvent } from "../../event/envelope.ts";
import { eventWords } from "../../event/words.ts";
import { showEvent } from "../events/event.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { isInScope, ownSystems, scopeOf } from "../scope.ts";
import { strictObject, text } from "../schema.ts";
import { STORY } from "./answer.ts";
import { findObjects, readStory } from "./story.ts";

export default defineRoutes((api, { pool, processes, systems }) => {
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
    async (request) => {
      const { id: asked } = request.params;
      const objects = await findObjects(pool, asked);
      if (objects.length === 0) throw notFound("object, effect or event", asked);
      const { events, ...story } = await readStory(pool, objects, processes.values());
      const scope = scopeOf(request);
      const own = ownSystems(scope, systems);
      const inScope = ({ plant }: { readonly plant?: string | null }) => isInScope(scope, plant);
      const seen = events.filter(inScope);
      if (events.length > 0 && seen.length === 0) throw notFound("object, effect or event", asked);
      const hidden = objectsOnlyIn(events, seen);
      return {
        asked,
        ...story,
        objects: story.objects.filter(({ object }) => !hidden.has(object)),
        links: story.links.filter(({ child, parent }) => !hidden.has(child) && !hidden.has(parent)),
        instances: story.instances.filter(inScope),
        effects: story.effects.filter(inScope),
        cases: story.cases.filter(inScope),
        messages: story.messages.filter(({ system }) => own?.includes(system) ?? true),
        events: seen.map((event) => ({ ...showEvent(event), says: eventWords(event.data) })),
      };
    },
  );
});

/** What all is told of elsewhere: not even that there is such an object is shown. */
function objectsOnlyIn(all: readonly LedgerEvent[], seen: readonly LedgerEvent[]): Set<string> {
  const known = new Set(seen.map(({ subject }) => subject));
  return new Set(all.map(({ subject }) => subject).filter((subject) => !known.has(subject)));
}
