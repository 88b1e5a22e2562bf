// Every page of the console as a picture, light and dark, at 1280 and 1024 px: npm run screenshots
//   --url <address> --link <sign-in link>   of a hub that runs, instead of a factory of its own
//   --only orders,cases                     some pages
//
// A list is followed into its first row, so that what it leads to is seen as well. Pictures lie in .interlock/screenshots/.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright, type Page } from "playwright-core";

import { root } from "./check/project-files.ts";

const FOLDER = join(root, ".interlock/screenshots");
const SCHEMES = ["light", "dark"] as const;
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1024, height: 768 },
] as const;
const PATIENCE_MS = 60_000;

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

async function openBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args, "--force-color-profile=srgb"],
    headless: true,
  });
}

/** Waits until nothing is being loaded, and the page shows what it has. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("domcontentloaded");
  await page.locator("main :is(h1, p)").first().waitFor({ timeout: PATIENCE_MS });
  await page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null, undefined, {
    timeout: PATIENCE_MS,
  });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

async function picture(page: Page, name: string): Promise<void> {
  const { width } = page.viewportSize()!;
  const scheme = await page.evaluate(() => document.documentElement.dataset["mantineColorScheme"] ?? "light");
  await page.screenshot({ path: join(FOLDER, `${name}-${scheme}-${width}.png`), fullPage: false });
  console.log(`${name}-${scheme}-${width}.png`);
}

async function visit(page: Page, hub: string): Promise<void> {
  const only = values.only?.split(",");
  const links = await page
    .locator("nav[aria-label=Pages] a")
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).pathname));
  for (const path of links) {
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

async function main(hub: string, signIn: (page: Page) => Promise<void>): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const browser = await openBrowser();
  try {
    for (const scheme of SCHEMES.filter((each) => values.schemes.split(",").includes(each))) {
      for (const viewport of SIZES.filter(({ width }) => values.sizes.split(",").includes(String(width)))) {
        const context = await browser.newContext({ viewport, colorScheme: scheme });
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

const { url = "", token = "" } = values;
await main(url, async (page) => {
  await page.goto(`${url}${await signInPath(url, token)}`);
  await page.locator("nav[aria-label=Pages]").waitFor({ timeout: PATIENCE_MS });
});

/** As `interlock sign-in-link --role admin` makes it. */
async function signInPath(hub: string, adminToken: string): Promise<string> {
  const answer = await fetch(`${hub}/v1/sign-in-links`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
    body: JSON.stringify({ role: values.role, actor: "screenshots", reason: "pictures of the console" }),
  });
  if (!answer.ok) throw new Error(`no sign-in link: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { path: string }).path;
}
