import { OWN_ZONE } from "./format.ts";

/** The clock that a plant lives by. */
export function useZone(_plant: string | null | undefined): string {
  return OWN_ZONE;
}
