import { existsSync, readFileSync } from "node:fs";
import type { Contract, ContractRegistry } from "./registry.ts";

interface Samples {
  valid: unknown[];
  invalid: { pointer: string; data: unknown }[];
}

/**
 * Holds every contract against the samples beside it (`1.samples.json` beside `1.json`): valid ones must pass, invalid
 * ones must fail at the place they name. Returns sentences that begin with the file.
 */
export function sampleFindings(registry: ContractRegistry): string[] {
  return registry.contracts.flatMap((contract) => findingsOf(contract));
}

export function samplesFile(contract: Contract): string {
  return contract.file.replace(/\.json$/, ".samples.json");
}

function findingsOf(contract: Contract): string[] {
  const file = samplesFile(contract);
  if (!existsSync(file)) return [`${file}: missing: a contract is shown by samples`];
  let samples: Samples;
  try {
    samples = JSON.parse(readFileSync(file, "utf8")) as Samples;
  } catch (error) {
    return [`${file}: not JSON: ${(error as Error).message}`];
  }
  const findings: string[] = [];
  if (!samples.valid?.length || !samples.invalid?.length)
    findings.push(`${file}: needs at least one valid and one invalid sample`);
  for (const [n, data] of (samples.valid ?? []).entries()) {
    const verdict = contract.validate(data);
    if (verdict.ok) continue;
    const [problem] = verdict.problems;
    findings.push(
      `${file}: /valid/${n}${problem?.pointer} ${problem?.message} (${problem?.value ?? "nothing there"})`,
    );
  }
  for (const [n, { pointer, data }] of (samples.invalid ?? []).entries()) {
    const verdict = contract.validate(data);
    if (verdict.ok) findings.push(`${file}: /invalid/${n} passes, but should fail at ${pointer}`);
    else if (!verdict.problems.some((problem) => problem.pointer === pointer))
      findings.push(
        `${file}: /invalid/${n} should fail at ${pointer}, but fails at ${verdict.problems.map((p) => p.pointer).join(", ")}`,
      );
  }
  return findings;
}
