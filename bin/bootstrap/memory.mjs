// How much memory a hub's process takes, for who starts one.

import { totalmem } from "node:os";

/**
 * Far more than a hub needs: by the limit V8 decides how often it goes through the whole heap, which holds up what is in hand. Below
 * two gigabytes it does so when the heap has doubled, at one gigabyte when it grew by 60 per cent, from two gigabytes on fourfold.
 */
const HEAP_MB = 2047;
const NEW_MB = 16;

/**
 * Left alone, V8 takes what the machine has: 125 MB for what has just been made, and a heap that grows fourfold before it is
 * gone through; and glibc keeps memory apart for each thread. A small container's hub has half of it for its heap.
 * NODE_OPTIONS and MALLOC_ARENA_MAX of whoever starts it win.
 */
export function withLittleMemory(env) {
  // Without a limit it says zero, or more than there is.
  const machine = Math.min(process.constrainedMemory?.() || Infinity, totalmem());
  const heap = Math.min(HEAP_MB, Math.floor(machine / 2 / 2 ** 20));
  const flags = `--max-semi-space-size=${NEW_MB} --max-old-space-size=${heap}`;
  return { MALLOC_ARENA_MAX: "2", ...env, NODE_OPTIONS: [flags, env.NODE_OPTIONS].filter(Boolean).join(" ") };
}
