// How much memory a hub's process takes, for who starts one.

/** Beyond a gigabyte something is wrong: a hub that has taken a million events in one go holds a fifth of it. */
const FLAGS = "--max-semi-space-size=16 --max-old-space-size=1024";

/**
 * Left alone, V8 takes what the machine has: 128 MB for what has just been made, and a heap that grows fourfold before it is
 * gone through; and glibc keeps memory apart for each thread. NODE_OPTIONS and MALLOC_ARENA_MAX of whoever starts it win.
 */
export function withLittleMemory(env) {
  return { MALLOC_ARENA_MAX: "2", ...env, NODE_OPTIONS: [FLAGS, env.NODE_OPTIONS].filter(Boolean).join(" ") };
}
