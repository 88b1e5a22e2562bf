// Runs the command as a child: same terminal, signals handed on, same end.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { withLittleMemory } from "./memory.mjs";
import { environmentFor } from "./npm.mjs";

const SIGNALS = process.platform === "win32" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Half of a start is making code of what was made the time before. Where the folder cannot be written, Node goes on without. */
const CODE_CACHE = fileURLToPath(new URL("../../.interlock/cache", import.meta.url));

/** Resolves when the command has ended, with its exit code (or signal) set as our own. */
export function run(node, { script, args, cwd, isHub }) {
  const ours = { NODE_COMPILE_CACHE: CODE_CACHE, ...environmentFor(node) };
  const env = isHub ? withLittleMemory(ours) : ours;
  const child = spawn(node, [script, ...args], { cwd, env, stdio: "inherit" });
  for (const signal of SIGNALS) {
    let sent = false;
    process.on(signal, () => {
      // Ctrl-C reaches the whole foreground group: handing it on as well would look like an impatient second one.
      if (sent || (signal === "SIGINT" && process.stdin.isTTY)) return;
      sent = true;
      child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const name of SIGNALS) process.removeAllListeners(name);
      if (signal !== null) process.kill(process.pid, signal);
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}
