/*
 * Secrets at rest: `.interlock/secrets.json`, each encrypted by AES-256-GCM with a key that lies elsewhere. Its name is bound
 * into the encryption, so that one secret cannot be put in the place of another. Nothing reads a secret back to a person: the
 * only way out is into the connector that needs it.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ConfigError } from "./errors.ts";
import type { Environment } from "./secret-reference.ts";

export const KEY_VARIABLE = "INTERLOCK_SECRET_KEY";
/** A container platform hands secrets over as files. */
const KEY_FILE_VARIABLE = "INTERLOCK_SECRET_KEY_FILE";

const NAME = /^[A-Z][A-Z0-9_]{0,79}$/;
const LONGEST = 16_384;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** By name: base64 of initialisation vector, tag and ciphertext. */
type Kept = Readonly<Record<string, string>>;

/** @throws ConfigError SECRET_KEY_MISSING, SECRET_INVALID */
export function keepSecret(folder: string, name: string, value: string, environment: Environment): void {
  if (!NAME.test(name))
    throw new ConfigError(
      "SECRET_INVALID",
      `a secret is named as a variable is, such as ERP_SECRET, not ${name}`,
    );
  if (value === "" || value.length > LONGEST)
    throw new ConfigError("SECRET_INVALID", `the secret ${name} must have 1 to ${LONGEST} characters`);
  const key = readKey(environment);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(name));
  const text = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  const sealed = Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64");
  const kept = { ...readKept(folder), [name]: sealed };
  const file = fileOf(folder);
  mkdirSync(join(folder, ".interlock"), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
}

/**
 * What the project's config may refer to: the environment, and under it what is kept.
 * @throws ConfigError SECRET_KEY_MISSING or SECRET_KEY_WRONG
 */
export function withKeptSecrets(folder: string, environment: Environment): Environment {
  const kept = Object.entries(readKept(folder)).filter(([name]) => !environment[name]);
  if (kept.length === 0) return environment;
  const key = readKey(environment);
  return {
    ...environment,
    ...Object.fromEntries(kept.map(([name, sealed]) => [name, open(name, sealed, key)])),
  };
}

function open(name: string, sealed: string, key: Buffer): string {
  const bytes = Buffer.from(sealed, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(name))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
      "utf8",
    );
  } catch (cause) {
    throw new ConfigError("SECRET_KEY_WRONG", `${KEY_VARIABLE} does not open the secret ${name}`, { cause });
  }
}

function readKey(environment: Environment): Buffer {
  const file = environment[KEY_FILE_VARIABLE];
  const text = environment[KEY_VARIABLE] ?? (file === undefined ? "" : readFileSync(file, "utf8").trim());
  if (text.length < 32) {
    const detail = `${KEY_VARIABLE} ${text === "" ? "is not set" : `has ${text.length} characters`}; it needs at least 32 random ones (openssl rand -hex 32)`;
    throw new ConfigError("SECRET_KEY_MISSING", detail);
  }
  return Buffer.from(hkdfSync("sha256", text, "", "interlock secrets", 32));
}

function readKept(folder: string): Kept {
  const file = fileOf(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Kept) : {};
}

function fileOf(folder: string): string {
  return join(folder, ".interlock/secrets.json");
}
