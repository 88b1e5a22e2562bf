/*
 * A step of the check: contracts follow the rules, their samples hold, the generated types are fresh, and no released
 * contract was changed. `--release` writes the hash of every contract that is not released yet into contracts/released.json.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadContracts } from "../src/contract/registry.ts";
import { sampleFindings } from "../src/contract/samples.ts";
import { contractFindings } from "../src/contract/schema-rules.ts";
import { formatText } from "./check/format.ts";
import { GENERATED, renderTypes } from "./generate-contracts.ts";

const CONTRACTS = fileURLToPath(new URL("../contracts", import.meta.url));
const RELEASED = `${CONTRACTS}/released.json`;

const registry = loadContracts([CONTRACTS]);
const hashes = new Map(registry.contracts.map((c) => [`${c.kind}/${c.name}/${c.major}`, c.hash]));
const released = JSON.parse(readFileSync(RELEASED, "utf8")) as Record<string, string>;

const findings = contractFindings(registry);
if (findings.length === 0) findings.push(...sampleFindings(registry));
for (const [contract, hash] of Object.entries(released)) {
  if (hashes.get(contract) !== hash)
    findings.push(`${contract}: released and changed since: restore it and add the next major version`);
}
const stale = firstDifference(
  existsSync(GENERATED) ? readFileSync(GENERATED, "utf8") : "",
  await renderTypes(),
);
if (stale) findings.push(`${GENERATED}: stale at ${stale}\n  run: node scripts/generate-contracts.ts`);

if (findings.length > 0) {
  console.error(findings.join("\n"));
  process.exitCode = 1;
} else if (process.argv.includes("--release")) {
  const text = JSON.stringify({ ...Object.fromEntries(hashes), ...released });
  writeFileSync(RELEASED, await formatText(RELEASED, text));
} else {
  console.log(`${registry.contracts.length} contracts hold`);
}

function firstDifference(have: string, want: string): string | undefined {
  const haveLines = have.split("\n");
  const wantLines = want.split("\n");
  const n = wantLines.findIndex((line, i) => line !== haveLines[i]);
  if (n < 0 && haveLines.length === wantLines.length) return undefined;
  const line = n < 0 ? wantLines.length : n;
  return `line ${line + 1}:\n  - ${haveLines[line] ?? "(end)"}\n  + ${wantLines[line] ?? "(end)"}`;
}
