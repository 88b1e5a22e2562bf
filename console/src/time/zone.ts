import { useQuery } from "@tanstack/react-query";

import { type Answer, ask } from "../api/query.ts";
import { OWN_ZONE } from "./format.ts";

// Outside of the hook: made once for an answer, and not once for each time on the page.
const zonesOf = ({ items }: Answer<"/v1/plants">) =>
  new Map(items.map(({ plant, timeZone }) => [plant, timeZone]));

/** The clock that a plant lives by; the reader's own where a time belongs to no plant. */
export function useZone(plant: string | null | undefined): string {
  const { data } = useQuery({
    ...ask("/v1/plants", undefined, { fresh: "once" }),
    enabled: plant !== null && plant !== undefined,
    select: zonesOf,
  });
  return (plant && data?.get(plant)) || OWN_ZONE;
}
