import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { ensureConsole } from "../bin/bootstrap/console.mjs";
import { openBrowser, PATIENCE_MS } from "../src/demo/browser/browser.ts";
import type { Hub } from "./stage.ts";

const HOME = join(import.meta.dirname, "..");

/** The browser in which the console is measured. The hub must have been started after `ensureConsole`, or it has none to serve. */
export async function withBrowser<Found>(use: (browser: Browser) => Promise<Found>): Promise<Found> {
  const browser = await openBrowser();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

export function buildConsole(): Promise<void> {
  return ensureConsole(HOME, process.execPath);
}

/** What a browser keeps of an administrator who has signed in. */
export type SignedIn = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** Once for all windows: tries to sign in are limited. */
export async function signIn(browser: Browser, hub: Hub): Promise<SignedIn> {
  const context = await browser.newContext();
  const made = await context.request.post(`${hub.url}/v1/sign-in-links`, {
    headers: { authorization: `Bearer ${hub.token}` },
    data: { role: "admin", actor: "bench", reason: "the console is measured" },
  });
  const { path } = (await made.json()) as { path: string };
  const signedIn = await context.request.post(`${hub.url}/v1/session`, {
    headers: { origin: hub.url },
    data: { link: path.slice("/#link=".length) },
  });
  if (!signedIn.ok()) throw new Error(`not signed in: ${signedIn.status()} ${await signedIn.text()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** A window that has nothing of the console in its cache. */
export async function openWindow(browser: Browser, storageState: SignedIn): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, storageState });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/** Collects what the browser says of itself under this name, from before the page's own code on. */
export async function observe(page: Page, name: string, script: string): Promise<void> {
  await page.addInitScript(`(() => { const seen = (globalThis.${name} = {}); ${script} })()`);
}
