import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AuditError } from "./errors.ts";

/** Ed25519. The private half stays in a file of mode 0600 outside the database; the public half is for whoever verifies. */
export interface AnchorKey {
  /** Which key signed: the first 16 hex digits of the hash of its public half. */
  readonly id: string;
  /** @returns base64url */
  sign(text: string): string;
  verify(text: string, signature: string): boolean;
}

const PRIVATE = "anchor-key.pem";
const PUBLIC = "anchor-key.pub.pem";

/**
 * The key of this folder, made at the first call.
 * @throws AuditError ANCHOR_KEY_EXPOSED when other users can read it, ANCHOR_KEY_INVALID when it is none
 */
export function openAnchorKey(dir: string): AnchorKey {
  const file = join(dir, PRIVATE);
  if (!existsSync(file)) createKey(dir, file);
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0)
    throw new AuditError("ANCHOR_KEY_EXPOSED", `${file} can be read by other users: chmod 600 ${file}`);
  return keyOf(readKey(file, createPrivateKey));
}

/** For verifying alone, from a copy of the public half. */
export function openPublicKey(file: string): Omit<AnchorKey, "sign"> {
  return keyOf(readKey(file, createPublicKey));
}

function readKey(file: string, parse: (pem: string) => KeyObject): KeyObject {
  try {
    const key = parse(readFileSync(file, "utf8"));
    if (key.asymmetricKeyType === "ed25519") return key;
    throw new TypeError(`it is of the type ${key.asymmetricKeyType}`);
  } catch (cause) {
    throw new AuditError("ANCHOR_KEY_INVALID", `${file} is no Ed25519 key in PEM`, { cause });
  }
}

/** A link appears whole or fails when there is one: hubs that start at once agree on one key, and a crash leaves no half. */
function createKey(dir: string, file: string): void {
  mkdirSync(dir, { recursive: true });
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const own = `${file}.${process.pid}`;
  writeFileSync(own, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  try {
    linkSync(own, file);
    writeFileSync(join(dir, PUBLIC), publicKey.export({ type: "spki", format: "pem" }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(own);
  }
}

function keyOf(key: KeyObject): AnchorKey {
  const publicKey = key.type === "public" ? key : createPublicKey(key);
  const id = hash("sha256", publicKey.export({ type: "spki", format: "der" }), "hex").slice(0, 16);
  return {
    id,
    sign: (text) => sign(null, Buffer.from(text), key).toString("base64url"),
    verify: (text, signature) =>
      verify(null, Buffer.from(text), publicKey, Buffer.from(signature, "base64url")),
  };
}
