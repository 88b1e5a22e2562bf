import { join } from "node:path";

import { startEmbedded } from "../embedded.ts";
import { CLUSTER_URL, dropLeftovers } from "./database.ts";

const FOLDER = join(import.meta.dirname, "../../../.interlock/test-db");

/**
 * Starts, or adopts from another run, the one cluster that all tests share, and tells this process's children.
 * Commits are real; only the disk is not waited for, which matters when a machine dies and not when a process does.
 */
export async function openTestCluster(): Promise<{ close(): Promise<void> }> {
  const server = await startEmbedded(FOLDER, {
    settings: {
      fsync: "off",
      full_page_writes: "off",
      max_connections: 200,
      shared_buffers: "128MB",
      max_wal_size: "1GB",
      // Lets a hub under test accept the settings above, which it refuses of a user's server.
      "interlock.throwaway": "on",
    },
  });
  process.env[CLUSTER_URL] = server.url;
  return {
    async close() {
      await dropLeftovers(server.url);
      await server.close();
    },
  };
}

/** The global set-up of the database and end-to-end tests (see vitest.config.ts). */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await openTestCluster();
  return () => server.close();
}
