import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { StoreError } from "../errors.ts";
import type { Account } from "./account.ts";
import { binariesIn, type Binaries } from "./binaries.ts";

/** Where one embedded database lives. */
export interface Place {
  readonly folder: string;
  readonly data: string;
  readonly sockets: string;
  readonly password: string;
  readonly log: string;
}

export function placeIn(folder: string): Place {
  return {
    folder,
    data: join(folder, "data"),
    sockets: join(folder, "run"),
    password: join(folder, "password"),
    log: join(folder, "postgres.log"),
  };
}

/** For root whose project lies where the server's account may not enter, such as /root. */
const ELSEWHERE = "/var/lib/interlock";
/** Left in the folder asked for, so that a project that is moved keeps its database. */
const SIGNPOST = "moved-to";

/** The place of the database asked for in `dir`: there, or where an earlier start had to put it. */
export function findPlace(dir: string): Place {
  const signpost = join(dir, SIGNPOST);
  return placeIn(existsSync(signpost) ? readFileSync(signpost, "utf8").trim() : dir);
}

/**
 * Makes sure that `account` can work in the place, and moves an empty one to where it can.
 * @returns the place to use from now on
 */
export function claimPlace(dir: string, account: Account | undefined, say: (line: string) => void): Place {
  let place = findPlace(dir);
  openFolder(place.folder);
  if (account && !canEnter(place.folder, account)) {
    if (existsSync(place.data)) {
      throw new StoreError(
        "EMBEDDED_DATA",
        `the database in ${place.folder} cannot be entered by the account (uid ${account.uid}) that PostgreSQL must run as; make its parent folders enterable (chmod o+x)`,
      );
    }
    const name = createHash("sha256").update(dir).digest("hex").slice(0, 12);
    place = placeIn(join(ELSEWHERE, name));
    openFolder(ELSEWHERE);
    openFolder(place.folder);
    writeFileSync(join(dir, SIGNPOST), `${place.folder}\n`);
    say(`database in ${place.folder}, because PostgreSQL's account may not enter ${dir}`);
  }
  makeFolder(place.sockets, account);
  return place;
}

/** The binaries, or a copy of them where `account` can run them. */
export function reachBinaries(
  binaries: Binaries,
  account: Account | undefined,
  say: (line: string) => void,
): Binaries {
  if (!account || runs(binaries, account)) return binaries;
  const root = join(ELSEWHERE, `postgres-${binaries.version}`);
  if (!existsSync(root)) {
    openFolder(ELSEWHERE);
    const copy = `${root}.${process.pid}`;
    rmSync(copy, { recursive: true, force: true });
    cpSync(binaries.root, copy, { recursive: true, verbatimSymlinks: true });
    // npm under a strict umask leaves files that only root can read.
    spawnSync("chmod", ["-R", "a+rX", copy]);
    try {
      renameSync(copy, root);
    } catch (error) {
      rmSync(copy, { recursive: true, force: true });
      // Another project's first start was quicker.
      if (!existsSync(root)) throw error;
    }
    say(`PostgreSQL's programs copied to ${root}, because its account may not enter ${binaries.root}`);
  }
  return binariesIn(root, binaries.version);
}

/** A folder of ours that others may enter, under a strict umask too. What is secret in it has its own rights. */
function openFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (process.getuid?.() === 0) chmodSync(folder, 0o755);
}

/** A folder that the server writes in. All others stay ours, so that the server's account can plant nothing in them. */
export function makeFolder(folder: string, account: Account | undefined): void {
  mkdirSync(folder, { recursive: true });
  if (account) chownSync(folder, account.uid, account.gid);
}

/** Asked by doing it: permission bits are not all that decides (ACLs, mount options, security modules). */
function canEnter(folder: string, account: Account): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { ...account, cwd: "/" }).status === 0;
}

function runs(binaries: Binaries, account: Account): boolean {
  return spawnSync(binaries.postgres, ["--version"], { ...account, cwd: "/" }).status === 0;
}
