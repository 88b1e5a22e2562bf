import type { ToNative } from "../connector/contract.ts";
import type { Mappings } from "./mappings.ts";

/**
 * Puts effects into one system's own words.
 * @param files the mapping of each effect, by the effect's name
 */
export function writeNative(
  mappings: Mappings,
  files: ReadonlyMap<string, string>,
  { system, plant }: { system: string; plant?: string | undefined },
): ToNative {
  return async (effect, payload) => {
    const file = files.get(effect);
    if (file === undefined)
      return {
        ok: false,
        code: "MAPPING_UNKNOWN",
        message: `no mapping puts ${effect} into the words of ${system}: write mappings/${system}/${effect}.jsonata`,
      };
    const result = await mappings.map(file, payload, {
      system,
      direction: "out",
      ...(plant !== undefined && { plant }),
    });
    if (result.ok) return { ok: true, content: JSON.parse(result.text) as unknown };
    return { ok: false, code: result.problem.code, message: result.problem.message };
  };
}
