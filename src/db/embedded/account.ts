import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

import { StoreError } from "../errors.ts";

/** The system account the server runs as when Interlock runs as root, which PostgreSQL refuses. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const NAME = "postgres";

/**
 * The account for the server of `data`: none when this process is not root; else the owner of data that exists, else
 * `postgres`, created where the system has none.
 */
export function findAccount(data: string, say: (line: string) => void): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(data, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return lookUp() ?? create(say);
}

function lookUp(): Account | undefined {
  const id = (flag: string) => spawnSync("id", [flag, NAME], { encoding: "utf8" });
  const [uid, gid] = [id("-u"), id("-g")];
  if (uid.status !== 0 || gid.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** The same account made by the tools of the large distributions, and by those of BusyBox. */
const WAYS: readonly (readonly string[])[] = [
  [
    "useradd",
    "--system",
    "--user-group",
    "--no-create-home",
    "--home-dir",
    "/",
    "--shell",
    "/bin/false",
    NAME,
  ],
  ["adduser", "-S", "-D", "-H", "-h", "/", "-s", "/bin/false", NAME],
];

function create(say: (line: string) => void): Account {
  const failures: string[] = [];
  for (const [program, ...args] of WAYS) {
    const made = spawnSync(program!, args, { encoding: "utf8" });
    const account = lookUp();
    if (account) {
      say(`created the system account ${NAME}, because PostgreSQL does not run as root`);
      return account;
    }
    failures.push(`${program}: ${made.error?.message ?? made.stderr.trim()}`);
  }
  throw new StoreError(
    "EMBEDDED_ACCOUNT",
    `PostgreSQL does not run as root, and the account ${NAME} could not be created (${failures.join("; ")}); run Interlock as another user, create the account, or set DATABASE_URL`,
  );
}
