import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { ensureConsole } from "../../../bin/bootstrap/console.mjs";
import { openBrowser, PATIENCE_MS } from "./browser.ts";

const ROOT = join(import.meta.dirname, "../../..");
const DEADLINE_MS = 600_000;

/** What the demo leaves behind shows here. */
const place = mkdtempSync(join(tmpdir(), "strip-e2e-"));
chmodSync(place, 0o755);
let browser: Browser;
let demo: ChildProcess | undefined;
beforeAll(async () => {
  await ensureConsole(ROOT, process.execPath);
  browser = await openBrowser();
}, DEADLINE_MS);
afterAll(async () => {
  demo?.kill("SIGTERM");
  await browser?.close();
  rmdirSync(place);
});

test(
  "the demo's link leads to its strip: what is played is told there, and goes on after the hub was killed from it",
  { timeout: DEADLINE_MS },
  async () => {
    const main = join(ROOT, "src/cli/main.ts");
    const child = spawn(process.execPath, [main, "demo"], {
      env: { ...process.env, TMPDIR: place },
      stdio: "pipe",
    });
    demo = child;
    const said: string[] = [];
    onTestFailed(() => console.log(said.join("\n")));
    const lines = createInterface({ input: child.stdout }).on("line", (line) => said.push(line));
    const ended = once(child, "close");
    /** What the demo says on its terminal, now or later. */
    const heard = async (words: RegExp): Promise<string> => {
      for (;;) {
        const found = said.map((line) => words.exec(line)?.[0]).find((each) => each !== undefined);
        if (found !== undefined) return found;
        await Promise.race([
          once(lines, "line"),
          ended.then(() => Promise.reject(new Error("the demo ended"))),
        ]);
      }
    };

    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(await heard(/http:\S+#link=\S+/));
    const strip = page.getByRole("region", { name: "The demo" });
    await strip.getByText(/Mon 5 May/).waitFor();
    await strip.getByRole("button", { name: "Send a duplicate" }).click();
    await heard(/once more. The hub: .*duplicate/);
    await strip.locator("[data-disabled]").first().waitFor({ state: "detached" });
    await strip.getByRole("button", { name: "Kill the hub" }).click();
    await heard(/Hub \d+ looks before it sends again/);
    await page.getByText("Live", { exact: true }).waitFor();

    child.kill("SIGINT");
    await ended;
    expect(readdirSync(place)).toEqual([]);
  },
);
