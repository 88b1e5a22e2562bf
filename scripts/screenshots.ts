// Every page of the console as a picture, light and dark, at 1280 and 1024 px, with what axe finds on it: npm run screenshots
//   --only orders,cases     some pages, by the first part of their address
//   --role viewer           as somebody else than an administrator
//   --url <address> --token <admin token>   of a hub that runs, instead of a factory of its own
//
// What a list leads to is seen as well: its first row, of cases some more. Pictures lie in .interlock/screenshots/.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import type { Page } from "playwright-core";

import { listSeriousFaults, openBrowser, PATIENCE_MS, settled } from "../src/demo/browser/browser.ts";
import { Office } from "../src/demo/browser/office.ts";
import { Scenario } from "../src/demo/factory/scenario.ts";
import { Narrator } from "../src/demo/narrate.ts";
import { root } from "./check/project-files.ts";

const FOLDER = join(root, ".interlock/screenshots");
const SCHEMES = ["light", "dark"] as const;
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1024, height: 768 },
] as const;
/** Pages that look different with each thing they show. */
const SHOWN: Readonly<Record<string, number>> = { cases: 4, orders: 2, kpis: 2 };

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    token: { type: "string" },
    role: { type: "string", default: "admin" },
    only: { type: "string" },
  },
});
const only = values.only?.split(",");

interface Hub {
  readonly url: string;
  readonly token: string;
}

async function picture(page: Page, name: string): Promise<void> {
  const { width } = page.viewportSize()!;
  const scheme = await page.locator("html").getAttribute("data-mantine-color-scheme");
  await page.evaluate("document.fonts.ready.then(() => true)");
  await page.screenshot({ path: join(FOLDER, `${name}-${scheme}-${width}.png`), fullPage: true });
  console.log(`${name}-${scheme}-${width}.png`);
  for (const fault of await listSeriousFaults(page)) console.log(`  axe ${fault}`);
  for (const alarm of await page.getByRole("alert").allInnerTexts()) console.log(`  alarm ${alarm}`);
}

/** The pages of the navigation first, then what they lead to, as far as it goes. */
async function visit(page: Page, hub: string): Promise<void> {
  const shown = new Map<string, number>();
  const known = new Set<string>();
  const pathsIn = async (where: string): Promise<string[]> => {
    const links = await page.locator(`${where} a[href^="/console/"]`).all();
    const paths = await Promise.all(links.map((link) => link.getAttribute("href")));
    return paths.map((path) => path!.split(/[?#]/)[0]!);
  };
  const waiting = await pathsIn("nav[aria-label=Pages]");
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const [list = "", ...one] = path.slice("/console/".length).split("/");
    if (known.has(path) || (only && !only.includes(list))) continue;
    const before = shown.get(list) ?? 0;
    if (one.length > 0 && before >= (SHOWN[list] ?? 1)) continue;
    known.add(path);
    if (one.length > 0) shown.set(list, before + 1);
    await page.goto(`${hub}${path}`);
    await settled(page);
    await picture(page, one.length === 0 ? list : `${list}-${before + 1}`);
    waiting.push(...(await pathsIn("main")));
  }
}

async function takeAll(hub: Hub): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const browser = await openBrowser();
  try {
    for (const colorScheme of SCHEMES) {
      for (const viewport of SIZES) {
        const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
        context.setDefaultTimeout(PATIENCE_MS);
        const page = await context.newPage();
        await page.goto(`${hub.url}/console/`);
        await page.getByRole("heading").first().waitFor();
        await picture(page, "sign-in");
        page.on("console", (message) => {
          if (message.type() === "error") console.log(`  browser: ${message.text()}`);
        });
        page.on("pageerror", (error) => console.log(`  browser: ${error.message}`));
        await page.goto(`${hub.url}${await signInPath(hub)}`);
        await page.getByRole("navigation", { name: "Pages" }).waitFor();
        await visit(page, hub.url);
        await context.close();
      }
    }
  } finally {
    await browser.close();
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

/** A factory of its own whose week is over, and whose people have cases to settle. */
async function withFactory(look: (hub: Hub) => Promise<void>): Promise<void> {
  const ended = new AbortController();
  const narrator = new Narrator(process.stderr);
  const office = await Office.open(ended.signal, (world) => new Scenario(world, narrator).play());
  try {
    for (const kind of ["GATE_ITEM", "CREDIT_FAILED", "MESSAGE_QUARANTINED"]) await office.openCase(kind);
    const { url, tokenFile } = office.world.hub;
    await look({ url, token: readFileSync(tokenFile, "utf8").trim() });
  } finally {
    await office.close();
    ended.abort();
  }
}

const { url, token } = values;
if (url !== undefined && token !== undefined) await takeAll({ url, token });
else await withFactory(takeAll);
