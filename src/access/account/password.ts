import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

import { AccessError } from "../errors.ts";

const derive = promisify(argon2);

/** OWASP's first choice for argon2id: 46 MiB and one pass take some 50 ms, which is what a guess costs as well. */
const COST = { memory: 47_104, passes: 1, parallelism: 1 } as const;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

const SHORTEST = 12;
const LONGEST = 200;

/** At most so many are computed at once: each holds its memory, and strangers may ask. */
const AT_ONCE = 4;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** Length is what makes a password strong; rules about characters only make it hard to remember (NIST SP 800-63B). */
const COMMON =
  /^(.)\1*$|^(?:0?1?234567890?1?2?3?4?|password|passwort|interlock|qwerty|letmein|welcome|admin)[\d!.]*$/i;

/** @throws AccessError PASSWORD_WEAK */
export function checkPassword(password: string, account: string): void {
  const length = [...password].length;
  if (length < SHORTEST || length > LONGEST) {
    throw new AccessError(
      "PASSWORD_WEAK",
      `a password has ${SHORTEST} to ${LONGEST} characters, this one ${length}`,
    );
  }
  const plain = password.toLowerCase();
  const [local = account] = account.split("@");
  if (
    COMMON.test(password) ||
    (local.length >= 4 && plain.replaceAll(/[\d\W_]/g, "") === local.replaceAll(/[\d\W_]/g, ""))
  ) {
    throw new AccessError("PASSWORD_WEAK", "the password is one that is tried first; take several words");
  }
}

/** @returns PHC text: `$argon2id$v=19$m=47104,t=1,p=1$salt$tag` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await tagOf(password, salt, COST, TAG_BYTES);
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Whether the password is the one of this hash. Without a hash as long as with one, and false. */
export async function isPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const parts = PHC.exec(hash ?? "");
  const expected = parts ? Buffer.from(parts[5]!, "base64") : randomBytes(TAG_BYTES);
  const cost = parts
    ? { memory: Number(parts[1]), passes: Number(parts[2]), parallelism: Number(parts[3]) }
    : COST;
  const salt = parts ? Buffer.from(parts[4]!, "base64") : randomBytes(SALT_BYTES);
  const found = await tagOf(password, salt, cost, expected.length);
  return timingSafeEqual(found, expected) && parts !== null;
}

function tagOf(
  password: string,
  nonce: Buffer,
  cost: { memory: number; passes: number; parallelism: number },
  tagLength: number,
): Promise<Buffer> {
  return inTurn(() => derive("argon2id", { message: password.normalize("NFKC"), nonce, tagLength, ...cost }));
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
