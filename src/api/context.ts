import type { ContractRegistry } from "../contract/registry.ts";
import type { Pool } from "../db/pool.ts";
import type { ProcessDefinition } from "../process/contract.ts";
import type { Tail } from "../ledger/tail.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";

/** What the API needs of its hub. */
export interface ApiContext {
  readonly pool: Pool;
  readonly tail: Tail;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly adminToken: string;
  readonly contracts: ContractRegistry;
  readonly processes: ReadonlyMap<string, ProcessDefinition>;
  readonly hub: { readonly id: string; readonly version: string };
}
