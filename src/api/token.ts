/**
 * The admin token: the one credential of the API. From the environment, or made once and kept in the project's `.interlock/`
 * where only the hub's user reads it.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const TOKEN_VARIABLE = "INTERLOCK_ADMIN_TOKEN";

export interface AdminToken {
  readonly token: string;
  /** Absent when the environment gave it. */
  readonly file?: string;
}

/**
 * @param folder the project's `.interlock/`
 * @throws Error when the environment's token is too short to resist guessing
 */
export function ensureAdminToken(folder: string, environment = process.env): AdminToken {
  const given = environment[TOKEN_VARIABLE];
  if (given !== undefined && given !== "") {
    if (given.length >= 24) return { token: given };
    throw new Error(
      `${TOKEN_VARIABLE} has ${given.length} characters; use at least 24 random ones (openssl rand -hex 32)`,
    );
  }
  const file = join(folder, "admin-token");
  mkdirSync(folder, { recursive: true });
  try {
    // Two hubs that start at once: one creates the file, the other reads it.
    writeFileSync(file, `${randomBytes(32).toString("hex")}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return { token: readFileSync(file, "utf8").trim(), file };
}

/** Compares in constant time, whatever the lengths. */
export function tokenGuard(token: string): (presented: string) => boolean {
  const expected = digest(token);
  return (presented) => timingSafeEqual(digest(presented), expected);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
