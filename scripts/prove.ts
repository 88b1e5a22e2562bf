// `npm run prove -- --minutes 10`: the long forms of the tests. Each `<name>.prove.ts` is one; `--list` names them.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { openTestCluster } from "../src/db/testing/cluster.ts";
import type { Proof } from "../src/testing/proof.ts";
import { listProjectFiles, root } from "./check/project-files.ts";

const HELP = `npm run prove -- [--minutes N] [--only NAME,...] [--seed N] [--runs N]

  --minutes  for all of them together; 10 unless told
  --only     names, as --list shows them
  --seed     where the random ones begin; the time of day unless told
  --runs     repetitions of each instead of a time`;

async function loadProofs(): Promise<Proof[]> {
  const files = listProjectFiles().filter((file) => file.endsWith(".prove.ts"));
  const modules = files.map(
    (file) => import(pathToFileURL(join(root, file)).href) as Promise<{ default: Proof }>,
  );
  return (await Promise.all(modules)).map((module) => module.default);
}

function choose(proofs: readonly Proof[], only: string | undefined): readonly Proof[] {
  if (only === undefined) return proofs;
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !proofs.some((proof) => proof.name === name));
  if (unknown.length > 0)
    throw new Error(
      `--only names unknown proofs: ${unknown.join(", ")}. There are: ${proofs.map(({ name }) => name).join(", ")}`,
    );
  return proofs.filter(({ name }) => names.includes(name));
}

/** @returns whether it held */
async function runProof(
  proof: Proof,
  terms: { seed: number; minutes: number; runs?: number },
): Promise<boolean> {
  const { seed, minutes, runs } = terms;
  console.log(`${proof.name}: ${proof.purpose}`);
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1).padStart(7);
  try {
    const counts = await proof.run({
      seed,
      until: runs === undefined ? began + minutes * 60_000 : Infinity,
      ...(runs !== undefined && { runs }),
      report: (line) => console.log(`${seconds()} s  ${line}`),
    });
    const counted = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
    console.log(`${seconds()} s  HELD   ${proof.name}, seed ${seed}: ${counted.join(", ")}`);
    return true;
  } catch (error) {
    console.log(`${seconds()} s  FAILED ${proof.name}, seed ${seed}`);
    console.log(error);
    return false;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "10" },
      only: { type: "string" },
      seed: { type: "string" },
      runs: { type: "string" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const chosen = choose(await loadProofs(), values.only);
  if (values.list)
    return console.log(chosen.map(({ name, purpose }) => `${name.padEnd(12)} ${purpose}`).join("\n"));
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const minutes = Number(values.minutes) / chosen.length;
  const cluster = await openTestCluster();
  let failed = 0;
  try {
    for (const proof of chosen) {
      const terms = { seed, minutes, ...(values.runs !== undefined && { runs: Number(values.runs) }) };
      if (!(await runProof(proof, terms))) failed += 1;
    }
  } finally {
    await cluster.close();
  }
  console.log(`${chosen.length - failed} held, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

await main();
