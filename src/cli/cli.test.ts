import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { createProgram } from "./main.ts";
import { interlock } from "./testing/interlock.ts";

const MAIN = join(import.meta.dirname, "main.ts");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "interlock-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

test("the help of every command says what it does, shows an example and explains the exit codes", async () => {
  const commands = leaves(await createProgram()).filter((command) => command.name() !== "help");
  expect(commands.length).toBeGreaterThan(10);
  for (const command of commands) {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect([command.name(), command.description()]).toEqual([
      command.name(),
      expect.stringMatching(/^[A-Z][^]{20,}\./),
    ]);
    expect(help).toMatch(/Examples:\n {2}\$ interlock [^]+Exit codes:\n {2}0 {2}done/);
  }
});

test("an unknown command is named with what was perhaps meant, and the process exits with 2", () => {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, "chekc"], { encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toContain("unknown command 'chekc'");
  expect(stderr).toContain("Did you mean check?");
});

test("help on a command that is none names it; a port that is none is told before anything starts", async () => {
  expect(await interlock("help", "chekc")).toMatchObject({
    code: 2,
    err: expect.stringContaining("unknown command 'chekc'"),
  });
  expect(await interlock("help", "check")).toMatchObject({
    code: 0,
    out: expect.stringContaining("Proves a project"),
  });
  expect(await interlock("run", "--port", "7300x")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--port 7300x is no port"),
  });
});

test("a folder without a ledger is told as such, and stays as it is", async () => {
  vi.stubEnv("DATABASE_URL", "");
  expect(await interlock("audit", "verify", "-p", folder)).toMatchObject({
    code: 1,
    err: expect.stringContaining("there is no database in"),
  });
  expect(existsSync(join(folder, ".interlock"))).toBe(false);
});

test("a project that init writes passes check, and is not written over", async () => {
  expect(await interlock("init", join(folder, "plant"))).toMatchObject({ code: 0 });
  expect(await interlock("check", join(folder, "plant"), "--json")).toMatchObject({
    code: 0,
    out: expect.stringContaining('"ok": true'),
  });
  const again = await interlock("init", join(folder, "plant"));
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining("holds an interlock.yaml already") });
});

test("check names what is to be corrected and exits with 1", async () => {
  const { code, out } = await interlock("check", join(folder, "nowhere"));
  expect(code).toBe(1);
  expect(out).toMatch(/^\S*interlock\.yaml: there is no such file/);
});

test("a command without a hub says what to do, to a person and to a program", async () => {
  vi.stubEnv("INTERLOCK_ADMIN_TOKEN", "a-token-for-the-tests-only");
  expect(await interlock("trace", "SO-1", "-p", folder)).toMatchObject({
    code: 1,
    err: expect.stringContaining("interlock run"),
  });
  const { code, err } = await interlock("trace", "SO-1", "--url", "http://127.0.0.1:9", "--json");
  expect([code, JSON.parse(err)]).toMatchObject([
    1,
    { error: { code: "HUB_UNREACHABLE", remedy: expect.any(String) } },
  ]);
});
