import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { keepSecret, KEY_VARIABLE, withKeptSecrets } from "./kept-secrets.ts";
import { readSecret } from "./secret-reference.ts";

const SECRET = "hunter2-and-then-some";
const KEY = { [KEY_VARIABLE]: "0123456789abcdef0123456789abcdef" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "interlock-secret-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, ".interlock/secrets.json");

test("a kept secret is there for the config and nowhere to be read; the environment goes before it", () => {
  keepSecret(folder, "ERP_SECRET", SECRET, KEY);
  expect(readFileSync(file(), "utf8")).not.toContain(SECRET);
  expect(statSync(file()).mode & 0o077).toBe(0);
  expect(withKeptSecrets(folder, KEY)["ERP_SECRET"]).toBe(SECRET);
  expect(withKeptSecrets(folder, { ...KEY, ERP_SECRET: "other" })["ERP_SECRET"]).toBe("other");
});

test("without its key, with another one, or in another's place a secret stays closed, and no message holds it", () => {
  keepSecret(folder, "ERP_SECRET", SECRET, KEY);
  expect(() => withKeptSecrets(folder, {})).toThrow(expect.objectContaining({ code: "SECRET_KEY_MISSING" }));
  const other = { [KEY_VARIABLE]: "f".repeat(32) };
  expect(() => withKeptSecrets(folder, other)).toThrow(expect.objectContaining({ code: "SECRET_KEY_WRONG" }));
  const kept = JSON.parse(readFileSync(file(), "utf8")) as Record<string, string>;
  writeFileSync(file(), JSON.stringify({ CRM_SECRET: kept["ERP_SECRET"] }));
  expect(() => withKeptSecrets(folder, KEY)).toThrow(/does not open the secret CRM_SECRET$/);
});

test("a secret may lie in a file of its own", () => {
  const path = join(folder, "erp-secret");
  writeFileSync(path, `${SECRET}\n`);
  expect(readSecret(`\${file:${path}}`, {})).toEqual({ value: SECRET });
  expect(readSecret("${file:/no/such/file}", {})).toEqual({
    problem: "the file /no/such/file cannot be read: ENOENT",
  });
  expect(readSecret(SECRET, {}).problem).not.toContain(SECRET);
});
