import { createServer, type AddressInfo } from "node:net";

import type { Place } from "./place.ts";

export type Settings = Readonly<Record<string, string | number>>;

/** What an embedded server runs with. `alter system` outranks it, for a site that wants to tune its own. */
const SETTINGS: Settings = {
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  password_encryption: "scram-sha-256",
  unix_socket_permissions: "0700",
  max_connections: 100,
  shared_buffers: "256MB",
  wal_buffers: "16MB",
  // Each page changed after a checkpoint goes to the log as a whole, which for scattered identities is sixteen times the
  // bytes: so checkpoints are rare and have room.
  max_wal_size: "4GB",
  min_wal_size: "256MB",
  checkpoint_timeout: "15min",
  // This build has no lz4, and pglz costs more than it saves.
  wal_compression: "off",
  jit: "off",
  max_parallel_workers_per_gather: 0,
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] ",
  log_checkpoints: "off",
};

/** Longest path of a socket that every system accepts (macOS 104, Linux 108, with the end mark). */
const SOCKET_PATH_MAX = 103;

/**
 * Where the server listens: a socket in its own folder, which no other machine or user can reach and whose name nobody
 * else can take; on Windows, or below a very long path, a free port of the loopback interface.
 */
async function address(place: Place): Promise<Settings> {
  const port = 5432;
  if (process.platform !== "win32" && `${place.sockets}/.s.PGSQL.${port}`.length <= SOCKET_PATH_MAX) {
    return { listen_addresses: "", unix_socket_directories: place.sockets, port };
  }
  return { listen_addresses: "127.0.0.1", unix_socket_directories: "", port: await freePort() };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The text of the server's configuration file. */
export async function settingsFile(place: Place, own: Settings): Promise<string> {
  const all = { ...SETTINGS, ...(await address(place)), ...own };
  const lines = Object.entries(all).map(
    ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`,
  );
  return [
    "# Written by Interlock at each start. Use ALTER SYSTEM for settings of your own.",
    ...lines,
    "",
  ].join("\n");
}
