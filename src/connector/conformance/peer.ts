import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { request } from "undici";

const SIMULATORS = join(import.meta.dirname, "../../../simulators");

export type Counts = { readonly applied: number; readonly standing: number };

type AdminMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A simulator in its own process, and its side door. */
export interface Peer {
  readonly url: string;
  /** Any call of the admin interface, below /admin/. @throws Error when it is refused */
  admin(method: AdminMethod, path: string, body?: unknown): Promise<unknown>;
  arm(...faults: object[]): Promise<void>;
  disarm(): Promise<void>;
  /** How often the peer ever applied a reference, and how often that still stands. */
  counts(reference: string): Promise<Counts>;
  /** Does now what slow commits still have open. */
  commitAll(): Promise<void>;
  set(settings: object): Promise<void>;
  snapshot(name: string): Promise<void>;
  restore(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function startPeer(simulator: string, options: readonly string[] = []): Promise<Peer> {
  const data = mkdtempSync(join(tmpdir(), `${simulator}-`));
  const main = join(SIMULATORS, simulator, "main.ts");
  const child = spawn(process.execPath, [main, "--port", "0", "--data", data, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const line = await Promise.race([once(createInterface({ input: child.stdout }), "line"), exited]);
  if (child.exitCode !== null)
    throw new Error(`simulators/${simulator} ended with ${child.exitCode} before it was ready`);
  const { url } = JSON.parse(String(line[0])) as { url: string };

  const admin = async (method: AdminMethod, path: string, body?: unknown) => {
    const answer = await request(`${url}/admin/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`simulators/${simulator}: ${method} ${path}: ${text}`);
    return JSON.parse(text) as unknown;
  };
  return {
    url,
    admin,
    arm: async (...faults) => void (await admin("POST", "faults", faults)),
    disarm: async () => void (await admin("DELETE", "faults")),
    counts: async (reference) => {
      const { applied, standing } = (await admin("GET", `references/${reference}`)) as Counts;
      return { applied, standing };
    },
    commitAll: async () => void (await admin("POST", "commits")),
    set: async (settings) => void (await admin("PATCH", "settings", settings)),
    snapshot: async (name) => void (await admin("PUT", `snapshots/${name}`)),
    restore: async (name) => void (await admin("POST", `restore/${name}`)),
    async close() {
      child.kill("SIGKILL");
      await exited;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
