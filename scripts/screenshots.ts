// Every page of the console as a picture, light and dark, at 1280 and 1024 px, with what axe finds on it: npm run screenshots
//   --url <address> --token <admin token>   of a hub that runs, instead of a factory of its own
//   --only orders,cases                     some pages
//   --role viewer                           as somebody else than an administrator
//
// A list is followed into its first row, so that what it leads to is seen as well. Pictures lie in .interlock/screenshots/.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import type { Page } from "playwright-core";

import { listSeriousFaults, openBrowser, PATIENCE_MS, settled } from "../src/demo/browser/browser.ts";
import { moveIn } from "../src/demo/factory/people.ts";
import { Scenario } from "../src/demo/factory/scenario.ts";
import { World } from "../src/demo/factory/world.ts";
import { Narrator } from "../src/demo/narrate.ts";
import { until } from "../src/demo/until.ts";
import { root } from "./check/project-files.ts";

const FOLDER = join(root, ".interlock/screenshots");
const SCHEMES = ["light", "dark"] as const;
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1024, height: 768 },
] as const;

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    token: { type: "string" },
    role: { type: "string", default: "admin" },
    only: { type: "string" },
    sizes: { type: "string", default: "1280,1024" },
    schemes: { type: "string", default: SCHEMES.join(",") },
  },
});

async function picture(page: Page, name: string): Promise<void> {
  const { width } = page.viewportSize()!;
  const scheme = await page.locator("html").getAttribute("data-mantine-color-scheme");
  await page.evaluate("document.fonts.ready.then(() => true)");
  await page.screenshot({ path: join(FOLDER, `${name}-${scheme}-${width}.png`), fullPage: true });
  console.log(`${name}-${scheme}-${width}.png`);
  for (const fault of await listSeriousFaults(page)) console.log(`  axe ${fault}`);
}

async function visit(page: Page, hub: string): Promise<void> {
  const only = values.only?.split(",");
  const links = await page.locator("nav[aria-label=Pages] a").all();
  const paths = await Promise.all(links.map((link) => link.getAttribute("href")));
  for (const path of paths.filter((each) => each !== null)) {
    const name = path.split("/").at(-1)!;
    if (only && !only.includes(name)) continue;
    await page.goto(`${hub}${path}`);
    await settled(page);
    await picture(page, name);
    const lead = page.locator("main table tbody a").first();
    if ((await lead.count()) === 0) continue;
    await page.goto(`${hub}${await lead.getAttribute("href")}`);
    await settled(page);
    await picture(page, `${name}-one`);
  }
}

async function takeAll(hub: string, signIn: (page: Page) => Promise<void>): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const browser = await openBrowser();
  try {
    for (const scheme of SCHEMES.filter((each) => values.schemes.split(",").includes(each))) {
      for (const viewport of SIZES.filter(({ width }) => values.sizes.split(",").includes(String(width)))) {
        const context = await browser.newContext({ viewport, colorScheme: scheme, reducedMotion: "reduce" });
        context.setDefaultTimeout(PATIENCE_MS);
        const page = await context.newPage();
        page.on("console", (message) => {
          if (message.type() === "error") console.log(`  browser: ${message.text()}`);
        });
        page.on("pageerror", (error) => console.log(`  browser: ${error.message}`));
        await signIn(page);
        await page.goto(`${hub}/console/overview`);
        await settled(page);
        await visit(page, hub);
        await context.close();
      }
    }
  } finally {
    await browser.close();
  }
}

interface Hub {
  readonly url: string;
  readonly token: string;
}

/** A factory of its own, looked at while it works: as soon as somebody has a case to settle, or when its week is over. */
async function withFactory(look: (hub: Hub) => Promise<void>): Promise<void> {
  const ended = new AbortController();
  const world = new World(1, ended.signal);
  const narrator = new Narrator(process.stderr);
  try {
    await world.open(() => moveIn(world));
    let over = false;
    const playing = new Scenario(world, narrator).play().finally(() => (over = true));
    // Ended below while it plays: that is no failure.
    playing.catch(() => {});
    await until(
      "somebody has a case to settle",
      async () => {
        const { body } = await world.api("/v1/cases?state=open");
        return over || (body as { items: unknown[] }).items.length > 0 || undefined;
      },
      { signal: ended.signal, withinMs: 600_000, everyMs: 1_000 },
    );
    const { url, tokenFile } = world.hub;
    await look({ url, token: readFileSync(tokenFile, "utf8").trim() });
  } finally {
    ended.abort(new Error("the pictures are taken"));
    await world.close(false);
  }
}

/** As `interlock sign-in-link` makes it. */
async function signInPath({ url, token }: Hub): Promise<string> {
  const answer = await fetch(`${url}/v1/sign-in-links`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ role: values.role, actor: "screenshots", reason: "pictures of the console" }),
  });
  if (!answer.ok) throw new Error(`no sign-in link: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { path: string }).path;
}

async function look(hub: Hub): Promise<void> {
  await takeAll(hub.url, async (page) => {
    await page.goto(`${hub.url}${await signInPath(hub)}`);
    await page.locator("nav[aria-label=Pages]").waitFor();
  });
}

const { url, token } = values;
if (url !== undefined && token !== undefined) await look({ url, token });
else await withFactory(look);
