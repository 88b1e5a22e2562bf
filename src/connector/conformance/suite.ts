import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe } from "vitest";
import { type ContractRegistry, loadContracts } from "../../contract/registry.ts";
import type { Connector } from "../contract.ts";
import { loadConnectors } from "../load.ts";
import { batchTrials } from "./batch-trials.ts";
import { declarationTrials } from "./declaration-trials.ts";
import { fixtureTrials } from "./fixture-trials.ts";
import { lateCopyTrial } from "./late-copy-trial.ts";
import { questionTrials } from "./question-trials.ts";
import type { Rig } from "./rig.ts";
import { setUp, type Stand } from "./stand.ts";
import { stormTrial } from "./storm-trial.ts";
import { pollTrials } from "./poll-trials.ts";
import { streamTrials } from "./stream-trials.ts";
import { webhookTrials } from "./webhook-trials.ts";
import { writeTrials } from "./write-trials.ts";

const CONTRACTS = join(import.meta.dirname, "../../../contracts");

export interface Candidate {
  readonly connector: Connector;
  readonly rig: Rig;
  readonly folder: string;
  /** Further trials, registered with the others. */
  readonly trials?: (contracts: ContractRegistry) => void;
  /** Ends what `connector` was opened with. */
  readonly close?: () => Promise<void>;
}

/**
 * Every connector below a folder with its rig: a new folder is tried without being listed anywhere.
 * @throws Error when a connector or one of its effects would go untried
 */
export async function findCandidates(folder: string): Promise<Candidate[]> {
  const connectors = await loadConnectors([folder]);
  const candidates = await Promise.all(
    [...connectors].map(async ([product, connector]) => {
      const file = join(folder, product, "conformance.ts");
      if (!existsSync(file))
        throw new Error(`${file} is missing: say with defineRig how to try this connector`);
      const found = (await import(pathToFileURL(file).href)) as { rig?: Rig; rigs?: readonly Rig[] };
      const rigs = found.rigs ?? (found.rig ? [found.rig] : []);
      if (rigs.length === 0) throw new Error(`${file} exports neither rig nor rigs`);
      for (const rig of rigs) {
        const untried = Object.keys(connector.effects).filter((name) => !Object.hasOwn(rig.effects, name));
        if (untried.length > 0) throw new Error(`${file} does not say how to try ${untried.join(", ")}`);
      }
      return rigs.map((rig) => ({ connector, rig, folder: join(folder, product) }));
    }),
  );
  return candidates.flat();
}

/** Registers all trials of one connector: to be called while vitest collects tests. */
export function conformance({ connector, rig, folder, trials, close }: Candidate): void {
  const contracts = loadContracts([CONTRACTS]);
  const isQuestion = (name: string) => contracts.get("query", name, 1) !== undefined;
  describe(`${[connector.product, rig.dialect].filter(Boolean).join(", ")}`, () => {
    let open: Stand;
    const stand = () => open;
    beforeAll(async () => {
      open = await setUp(connector, rig);
    });
    afterAll(async () => {
      await open.close();
      await close?.();
    });

    describe("declaration", () => {
      declarationTrials(connector, rig, folder, contracts);
    });
    trials?.(contracts);
    describe("fixtures", () => {
      fixtureTrials(connector, rig, folder, contracts);
    });
    for (const [name, { safety, lane, batch }] of Object.entries(connector.effects)) {
      describe(`${name}`, () => {
        if (isQuestion(name)) return questionTrials(name, stand);
        writeTrials(name, rig, stand);
        if (batch !== undefined) batchTrials(name, stand);
        const { payload, otherwise } = rig.effects[name]!;
        const sameObject = lane(payload(1) as never) === lane(otherwise(1) as never);
        if (safety === "idempotent" && sameObject) lateCopyTrial(name, stand);
      });
    }
    for (const [name, stream] of Object.entries(connector.streams))
      describe(`stream ${name}`, () => {
        const trials = stream.kind === "poll" ? pollTrials : webhookTrials;
        streamTrials(name, stand);
        trials(name, stream.events, stand, contracts);
      });
    describe("all together", () => {
      stormTrial(
        Object.keys(connector.effects).filter((name) => !isQuestion(name)),
        stand,
      );
    });
  });
}
