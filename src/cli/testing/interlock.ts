import { vi } from "vitest";

import { runCommand } from "../main.ts";

/** Runs a command in this process, as `main.ts` does. @returns its exit code and what it said */
export async function interlock(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const out = vi
    .spyOn(process.stdout, "write")
    .mockImplementation((text) => Boolean((said.out += String(text))));
  const err = vi
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => Boolean((said.err += String(text))));
  try {
    return { code: await runCommand(args), ...said };
  } finally {
    process.exitCode = undefined;
    out.mockRestore();
    err.mockRestore();
  }
}
