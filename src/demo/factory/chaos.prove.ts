import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Proof } from "../../testing/proof.ts";
import type { Report } from "./compare.ts";
import { type Struck, struckInWords } from "./struck.ts";

const MAIN = join(import.meta.dirname, "../../cli/main.ts");
const SEEDS = 1_000_000_000;

interface Week {
  readonly seed: number;
  readonly seconds: number;
  readonly agrees: boolean;
  readonly orders: number;
  /** What struck, or why there is nothing to compare. */
  readonly words: string;
}

/** Plays the factory once, with everything going wrong. What a week that does not agree has written is kept, with its narration. */
async function play(seed: number): Promise<Week> {
  const began = performance.now();
  const args = [MAIN, "demo", "--chaos", "--once", "--json", "--seed", String(seed)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [out, narration, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  const seconds = Math.round((performance.now() - began) / 1000);
  const { rows = [], struck = [] } = out === "" ? {} : (JSON.parse(out) as Report & { struck: Struck[] });
  const differences = rows.flatMap((row) => row.differences.map((what) => `${row.order}: ${what}`));
  const [, folder = ""] = /^What it wrote is kept in (.*)$/m.exec(narration) ?? [];
  if (existsSync(folder)) writeFileSync(join(folder, "narration.txt"), narration);
  const why = out === "" ? narration.slice(-3_000) : differences.join("\n");
  const words =
    code === 0
      ? struckInWords(struck)
      : `${why}\n${struckInWords(struck)}\nit is kept in ${folder || "nothing"}`;
  return { seed, seconds, agrees: code === 0, orders: rows.length, words };
}

const proof: Proof = {
  name: "factory",
  purpose:
    "Four orders through a CRM, an ERP and two plants with every fault on, a plant cut off, a system restored from a backup and the hub killed six times: all systems agree afterwards.",
  async run({ seed, until, runs = 1_000, report }) {
    const weeks: Week[] = [];
    while (weeks.length < runs && performance.now() < until) {
      const week = await play((seed + weeks.length) % SEEDS);
      weeks.push(week);
      report(
        `seed ${week.seed}: ${week.agrees ? "agrees" : "DIFFERS"} after ${week.seconds} s\n${week.words}`,
      );
    }
    const wrong = weeks.filter(({ agrees }) => !agrees).map((week) => week.seed);
    if (wrong.length > 0)
      throw new Error(`${wrong.length} of ${weeks.length} weeks do not agree: seeds ${wrong.join(", ")}`);
    return {
      weeks: weeks.length,
      orders: weeks.reduce((sum, { orders }) => sum + orders, 0),
      "seconds for the longest week": Math.max(0, ...weeks.map(({ seconds }) => seconds)),
    };
  },
};

export default proof;
