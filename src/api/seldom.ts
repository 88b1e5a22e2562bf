import { now } from "./now.ts";

/** However long an answer took, it may take this part of the time at most. */
const SHARE = 0.05;
const LEAST_MS = 1_000;

/**
 * For what costs by how much there is, such as counting every instance: asked by many and often it is found out once, and so
 * seldom that it never takes more than a twentieth of one connection. Who asks meanwhile gets the same answer with its time.
 */
export function seldom<Value>(find: () => Promise<Value>): () => Promise<{ value: Value; at: string }> {
  let last: Promise<{ value: Value; at: string }> | undefined;
  let until = Infinity;
  return () => {
    if (last === undefined || performance.now() > until) {
      const began = performance.now();
      until = Infinity;
      const at = now();
      last = find().then(
        (value) => {
          const ended = performance.now();
          until = ended + Math.max(LEAST_MS, (ended - began) / SHARE);
          return { value, at };
        },
        (error: unknown) => {
          last = undefined;
          throw error;
        },
      );
    }
    return last;
  };
}
