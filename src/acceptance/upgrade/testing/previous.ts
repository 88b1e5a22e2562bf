/*
 * The binary that wrote the ledger before: an earlier commit of this checkout, unpacked beside it with the same libraries. The
 * commit is the one before HEAD, or what INTERLOCK_UPGRADE_FROM names. A migration that no release has brought yet may still be
 * edited; a database that ran the old text of it is then nobody's, so the commit taken is the latest whose migrations these here
 * go on from.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL_FOLDER } from "../../../db/migrate.ts";
import { readMigrations } from "../../../db/migration-files.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const FROM = "INTERLOCK_UPGRADE_FROM";
/** A day of work on one migration, and more. */
const LOOK_BACK = 200;

export interface Previous {
  /** Its whole tree, with node_modules. */
  readonly folder: string;
  /** As git names it, short. */
  readonly commit: string;
  /** Whether what decides, and what its tests play, is the very same there and here. */
  readonly sameProcesses: () => boolean;
  readonly remove: () => void;
}

/** @returns why there is none where this checkout has no past, or one that other libraries ran */
export function unpackPrevious(): Previous | { readonly missing: string } {
  const found = findCommit();
  if (typeof found !== "string") return found;
  const lock = JSON.parse(git("show", `${found}:package-lock.json`)) as Lockfile;
  const others = otherLibraries(lock, JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")));
  if (others.length > 0)
    return { missing: `commit ${found} runs on other libraries than are installed: ${others.join(", ")}` };
  const folder = mkdtempSync(join(tmpdir(), "interlock-previous-"));
  // The account of an embedded database that root starts passes through.
  chmodSync(folder, 0o755);
  const tree = join(folder, "tree");
  mkdirSync(tree);
  const archive = join(folder, "tree.tar");
  git("archive", "--output", archive, found);
  execFileSync("tar", ["-xf", archive, "-C", tree]);
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"), "junction");
  const sameProcesses = () => sameFiles(found, "processes", "src/process", "src/testing");
  return {
    folder: tree,
    commit: found,
    sameProcesses,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function findCommit(): string | { readonly missing: string } {
  if (!existsSync(join(ROOT, ".git")))
    return { missing: "this is no git checkout: there is no previous commit" };
  const from = process.env[FROM] ?? "HEAD~1";
  let commits: string[];
  try {
    commits = git("log", "--first-parent", `--max-count=${LOOK_BACK}`, "--format=%h", from)
      .trim()
      .split("\n");
  } catch (error) {
    return { missing: `git knows no ${from} here: ${firstLine(error)}` };
  }
  const present = presentMigrations();
  const commit = commits.find((each) => goesOnFrom(present, migrationsOf(each)));
  if (commit !== undefined) return commit;
  // No skip: a migration that every commit of the past has was edited.
  throw new Error(
    `of the ${commits.length} commits before this one none has migrations that sql/ goes on from: a released migration was edited`,
  );
}

/** By name, the blob that git has of it. */
type Migrations = ReadonlyMap<string, string>;

function presentMigrations(): Migrations {
  const names = readMigrations(SQL_FOLDER).map(({ name }) => name);
  const hashes = git("hash-object", ...names.map((name) => join("sql", name)))
    .trim()
    .split("\n");
  return new Map(names.map((name, i) => [name, hashes[i]!]));
}

function migrationsOf(commit: string): Migrations {
  const lines = git("ls-tree", "--format=%(objectname) %(path)", commit, "sql/").trim().split("\n");
  return new Map(
    lines
      .map((line): [string, string] => [line.split(" sql/")[1]!, line.split(" ", 1)[0]!])
      .filter(([name]) => /^\d{4}_/.test(name)),
  );
}

function goesOnFrom(present: Migrations, past: Migrations): boolean {
  return past.size > 0 && [...past].every(([name, hash]) => present.get(name) === hash);
}

function sameFiles(commit: string, ...folders: string[]): boolean {
  // What is not committed counts too, and new files with it.
  return (
    git("diff", "--name-only", commit, "--", ...folders) === "" &&
    git("ls-files", "--others", "--exclude-standard", "--", ...folders) === ""
  );
}

export interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly dev?: boolean; readonly optional?: boolean }>
  >;
}

/** What the old one runs on and the new one has not, or in another version: `pg 8.1.0, here 8.2.0`. */
export function otherLibraries(old: Lockfile, present: Lockfile): string[] {
  return Object.entries(old.packages)
    .filter(([path, { dev, optional }]) => path.startsWith("node_modules/") && !dev && !optional)
    .filter(([path, { version }]) => present.packages[path]?.version !== version)
    .map(([path, { version }]) => {
      const name = path.slice("node_modules/".length);
      return `${name} ${version}, here ${present.packages[path]?.version ?? "none"}`;
    });
}

function git(...args: string[]): string {
  return execFileSync("git", ["-C", ROOT, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr || message).trim().split("\n")[0]!;
}
