import { join } from "node:path";

import { ACCESS_DEFAULTS } from "../../access/config.ts";
import { createAuthority } from "../../authority/authority.ts";
import type { System } from "../../config/project.ts";
import { loadContracts } from "../../contract/registry.ts";
import { createCrosswalk } from "../../crosswalk/crosswalk.ts";
import { LiveCrosswalk } from "../../crosswalk/live.ts";
import { createTestDatabase, type TestDatabase } from "../../db/testing/database.ts";
import { Bell } from "../../ledger/bell.ts";
import { Keeper } from "../../intake/keeper.ts";
import { Pressure } from "../../intake/pressure.ts";
import { Intake } from "../../intake/receive.ts";
import { Appender } from "../../ledger/append.ts";
import { Sources } from "../../ledger/source.ts";
import { Lookout } from "../../ledger/lookout.ts";
import { Recent } from "../../ledger/recent.ts";
import { Tail } from "../../ledger/tail.ts";
import { createLogger } from "../../telemetry/logger.ts";
import { Metrics } from "../../telemetry/metrics.ts";
import { buildApi } from "../app.ts";
import type { ApiContext } from "../context.ts";
import type { Api } from "../route.ts";

const CONTRACTS = loadContracts([join(import.meta.dirname, "../../../contracts")]);
export const TOKEN = "a-token-for-the-tests-only";
export const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

export interface TestApi {
  readonly app: Api;
  readonly database: TestDatabase;
  readonly context: ApiContext;
  /** GET with the token; the answer's status and JSON. */
  get(url: string): Promise<{ status: number; json: Record<string, unknown> }>;
  close(): Promise<void>;
}

const SYSTEMS = new Map<string, System>([
  ["shop", { id: "shop", role: "crm", config: { secret: "shop-secret" }, pace: {}, streams: {} }],
  [
    "works",
    { id: "works", role: "erp", plant: "lyon", connector: "reference", config: {}, pace: {}, streams: {} },
  ],
]);

/** The API on a database of its own. Every answer is held against the schema that documents it. */
export async function openTestApi(own: Partial<ApiContext> = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const { pool } = database;
  const bell = new Bell();
  const recent = new Recent();
  const roleOf = (system: string) => SYSTEMS.get(system)?.role;
  const caseDueAt = () => undefined;
  const authority = createAuthority(CONTRACTS, SYSTEMS);
  const context: ApiContext = {
    hub: { id: "hub-test", version: "0.0.0" },
    adminToken: TOKEN,
    access: ACCESS_DEFAULTS,
    pool,
    bell,
    tail: new Tail(pool, bell, new Lookout(), recent),
    intake: new Intake({
      pool,
      appender: new Appender(pool, bell, recent),
      sources: new Sources(pool),
      rules: { contracts: CONTRACTS, authority },
      cases: { roleOf, caseDueAt },
    }),
    keeper: new Keeper(pool, () => bell.ring()),
    pressure: new Pressure(),
    contracts: CONTRACTS,
    processes: new Map(),
    systems: SYSTEMS,
    project: {
      plants: new Map([["lyon", { id: "lyon", name: "Lyon", timeZone: "Europe/Paris" }]]),
      owners: new Map(),
      authority,
      connectors: new Map(),
      mappings: [],
      crosswalk: createCrosswalk([]),
      recordOnly: {},
    },
    caseDueAt,
    effectRules: {
      canProbe: () => true,
      problemsOf: (type, payload) => {
        const verdict = CONTRACTS.byType("effect", type)!.validate(payload);
        return verdict.ok ? [] : verdict.problems.map(({ pointer, message }) => `${pointer} ${message}`);
      },
      laneOf: (_system, _type, payload) => `salesOrder/${(payload as { salesOrder: string }).salesOrder}`,
    },
    pushedStream: () => undefined,
    crosswalk: new LiveCrosswalk(pool, []),
    pulseOf: () => undefined,
    sessionOf: () => undefined,
    answerers: () => [],
    log: createLogger({ level: "silent" }),
    metrics: new Metrics(),
    ...own,
  };
  const app = await buildApi(context, { checkAnswers: true });
  return {
    app,
    database,
    context,
    async get(url) {
      const answer = await app.inject({ url, headers: AUTHORIZED });
      return { status: answer.statusCode, json: answer.json() };
    },
    async close() {
      await app.close();
      await database.drop();
    },
  };
}
