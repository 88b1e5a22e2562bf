import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Proof } from "../../testing/proof.ts";
import type { Report } from "./compare.ts";

const MAIN = join(import.meta.dirname, "../../cli/main.ts");

/** Plays the factory once, with everything going wrong. @throws Error with the table when the systems do not agree */
async function play(seed: number): Promise<Report> {
  const args = [MAIN, "demo", "--chaos", "--once", "--json", "--seed", String(seed)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [out, narration, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`seed ${seed} ended with ${code}:\n${narration.slice(-6_000)}`);
  return JSON.parse(out) as Report;
}

const proof: Proof = {
  name: "factory",
  purpose:
    "Four orders through a CRM, an ERP and two plants with every fault on, a plant cut off and the hub killed six times: all systems agree afterwards.",
  async run({ seed, until, runs = 1_000, report }) {
    let played = 0;
    let orders = 0;
    while (played < runs && performance.now() < until) {
      const { rows } = await play((seed + played) % 1_000_000_000);
      played++;
      orders += rows.length;
      report(`${played} weeks agree, next seed ${(seed + played) % 1_000_000_000}`);
    }
    return { weeks: played, orders };
  },
};

export default proof;
