import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAnchorKey, openPublicKey } from "./anchor-key.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "interlock-key-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

test("a folder has one key, whose public half verifies and cannot sign", () => {
  const key = openAnchorKey(dir);
  const signature = key.sign("text");
  expect(openAnchorKey(dir).id).toBe(key.id);
  const publicKey = openPublicKey(join(dir, "anchor-key.pub.pem"));
  expect(publicKey.id).toBe(key.id);
  expect(publicKey.verify("text", signature)).toBe(true);
  expect(publicKey.verify("other text", signature)).toBe(false);
  expect(publicKey.verify("text", "not a signature")).toBe(false);
  expect(readdirSync(dir).toSorted()).toEqual(["anchor-key.pem", "anchor-key.pub.pem"]);
});

test("a key that others can read signs nothing", (context) => {
  if (process.platform === "win32") context.skip("Windows has no file modes");
  openAnchorKey(dir);
  chmodSync(join(dir, "anchor-key.pem"), 0o640);
  expect(() => openAnchorKey(dir)).toThrow(expect.objectContaining({ code: "ANCHOR_KEY_EXPOSED" }));
});

test("a file that is no key is said to be none, without its content", () => {
  writeFileSync(join(dir, "anchor-key.pem"), "secret?", { mode: 0o600 });
  expect(() => openAnchorKey(dir)).toThrow(/^(?!.*secret).*is no Ed25519 key/);
});
