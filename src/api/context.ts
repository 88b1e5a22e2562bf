import type { EffectRules } from "../case/effect-action.ts";
import type { CaseRules } from "../case/open.ts";
import type { Project, System } from "../config/project.ts";
import type { Session } from "../connector/contract.ts";
import type { ContractRegistry } from "../contract/registry.ts";
import type { LiveCrosswalk } from "../crosswalk/live.ts";
import type { Pool } from "../db/pool.ts";
import type { Bell } from "../ledger/bell.ts";
import type { Pulse } from "../dispatch/pulse.ts";
import type { Answerer } from "../dispatch/question.ts";
import type { Keeper } from "../intake/keeper.ts";
import type { Pressure } from "../intake/pressure.ts";
import type { Intake } from "../intake/receive.ts";
import type { Tail } from "../ledger/tail.ts";
import type { ProcessDefinition } from "../process/contract.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { AccessConfig } from "../access/config.ts";
import type { Denials } from "../access/denial.ts";
import type { Provider } from "../access/oidc/provider.ts";
import type { Gate } from "./access.ts";
import type { ErrorCatalogue } from "./problem.ts";

/** What the API needs of its hub. */
export interface ApiContext {
  readonly hub: { readonly id: string; readonly version: string };
  readonly adminToken: string;
  /** How people sign in. */
  readonly access: AccessConfig;
  readonly pool: Pool;
  /** Rung when a person moved something, so that whoever waits for work looks at once. */
  readonly bell: Bell;
  readonly tail: Tail;
  readonly intake: Intake;
  readonly keeper: Keeper;
  readonly pressure: Pressure;
  readonly contracts: ContractRegistry;
  readonly processes: ReadonlyMap<string, ProcessDefinition>;
  readonly systems: ReadonlyMap<string, System>;
  /** What else of interlock.yaml and the files beside it is shown to people. */
  readonly project: Pick<
    Project,
    "plants" | "owners" | "authority" | "connectors" | "mappings" | "crosswalk" | "recordOnly"
  >;
  readonly caseDueAt: CaseRules["caseDueAt"];
  readonly effectRules: EffectRules;
  /** The session that reads a stream the system pushes; undefined when there is no such system or no such stream. */
  readonly pushedStream: (system: string, stream: string) => Session | undefined;
  /** The crosswalk in force: the files' rows and what people added. */
  readonly crosswalk: LiveCrosswalk;
  /** How a system fares that this hub sends to. */
  readonly pulseOf: (system: string) => Pulse | undefined;
  /** The session on a system; undefined when nothing is sent to it. */
  readonly sessionOf: (system: string) => Session | undefined;
  /** The systems that answer a query, such as `CheckOrder.v1`. */
  readonly answerers: (query: string) => readonly Answerer[];
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** What a resource's routes get: the hub's, and what the API made of it. */
export interface RouteContext extends ApiContext {
  readonly errors: ErrorCatalogue;
  /** For a route that itself finds out whether a credential is needed. */
  readonly gate: Gate;
  /** For a refusal that a route answers itself; those that it throws are told by the API. */
  readonly denials: Denials;
  /** Where people sign in with OpenID Connect; undefined where the project names none. */
  readonly provider: Provider | undefined;
}
