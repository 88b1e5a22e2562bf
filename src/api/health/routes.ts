import { Type } from "typebox";

import { SQL_FOLDER } from "../../db/migrate.ts";
import { readMigrations } from "../../db/migration-files.ts";
import { Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { nullable, TIME } from "../schema.ts";
import { selectHealth, type StoreHealth } from "./queries.ts";

const ALIVE = Type.Object({ status: Type.Literal("alive") });
const READY = Type.Object({
  status: Type.Literal("ready"),
  hub: Type.String(),
  version: Type.String(),
  migrations: Type.Integer(),
  recoverySince: nullable(
    Type.String({
      ...TIME,
      description: "After a restore every first send is probed before; null in normal work.",
    }),
  ),
});

export default defineRoutes((api, { pool, hub }) => {
  const known = readMigrations(SQL_FOLDER).length;

  api.get(
    "/healthz",
    {
      config: { access: "open" },
      schema: { tags: ["health"], summary: "The process answers", response: { 200: ALIVE } },
    },
    async () => ({ status: "alive" as const }),
  );

  api.get(
    "/readyz",
    {
      config: { access: "open" },
      schema: {
        tags: ["health"],
        summary: "The hub can take events",
        description: "503 while the database does not answer or is not migrated to this version's schema.",
        response: { 200: READY },
      },
    },
    async () => {
      const { migrations, recoverySince } = await askStore();
      if (migrations < known) {
        const detail = `the database has ${migrations} of ${known} migrations; the hub that starts applies them`;
        throw new Problem(503, "NOT_READY", detail, { retryAfterSeconds: 5 });
      }
      return { status: "ready" as const, hub: hub.id, version: hub.version, migrations, recoverySince };
    },
  );

  async function askStore(): Promise<StoreHealth> {
    try {
      return await selectHealth(pool);
    } catch (cause) {
      throw new Problem(503, "NOT_READY", "the database does not answer", { cause, retryAfterSeconds: 5 });
    }
  }
});
