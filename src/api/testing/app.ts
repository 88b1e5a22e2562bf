import { join } from "node:path";

import { createTestDatabase, type TestDatabase } from "../../db/testing/database.ts";
import { loadContracts } from "../../contract/registry.ts";
import { Bell } from "../../hub/bell.ts";
import { Tail } from "../../ledger/tail.ts";
import { createLogger } from "../../telemetry/logger.ts";
import { Metrics } from "../../telemetry/metrics.ts";
import { buildApi } from "../app.ts";
import type { ApiContext } from "../context.ts";
import type { Api } from "../route.ts";

const CONTRACTS = join(import.meta.dirname, "../../../contracts");
export const TOKEN = "a-token-for-the-tests-only";
export const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

export interface TestApi {
  readonly app: Api;
  readonly database: TestDatabase;
  readonly bell: Bell;
  /** GET with the token; the answer's status and JSON. */
  get(url: string): Promise<{ status: number; json: Record<string, unknown> }>;
  close(): Promise<void>;
}

/** The API on a database of its own. Every answer is held against the schema that documents it. */
export async function openTestApi(own: Partial<ApiContext> = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const bell = new Bell();
  const app = await buildApi(
    {
      pool: database.pool,
      tail: new Tail(database.pool, bell),
      log: createLogger({ level: "silent" }),
      metrics: new Metrics(),
      adminToken: TOKEN,
      contracts: loadContracts([CONTRACTS]),
      processes: new Map(),
      hub: { id: "hub-test", version: "0.0.0" },
      ...own,
    },
    { checkAnswers: true },
  );
  return {
    app,
    database,
    bell,
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
