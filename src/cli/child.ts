import { spawn } from "node:child_process";

/** Runs a script of Interlock in a process of its own, on this terminal. @returns its exit code */
export function runScript(script: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [script, ...args], { stdio: "inherit" });
  // Ctrl-C reaches both by the terminal: the parent stays until the child has ended in its own way.
  const handOn = (signal: NodeJS.Signals) => void (process.stdin.isTTY || child.kill(signal));
  process.on("SIGINT", handOn).on("SIGTERM", handOn);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("SIGINT", handOn).off("SIGTERM", handOn);
      resolve(code ?? 1);
    });
  });
}
