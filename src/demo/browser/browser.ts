/** A browser without a screen, and what a test asks of a page in it. */
import sparticuz from "@sparticuz/chromium";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

/** Only what hangs meets it: far above what a loaded machine needs. */
export const PATIENCE_MS = 120_000;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SERIOUS = new Set(["serious", "critical"]);

/**
 * Not those that its package proposes: they put all windows into one process, which mixes up whose cookies a page's calls carry,
 * and turn off what keeps pages of different origins apart, so that the hub's policies would not be tried.
 */
const ARGS = [
  "--no-sandbox",
  "--no-zygote",
  "--disable-gpu",
  // Words keep their distance: letters stand where they belong and not at whole pixels.
  "--font-render-hinting=none",
];

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: ARGS,
    headless: true,
    timeout: PATIENCE_MS,
  });
}

/** Waits until the page shows what it has: nothing is being loaded any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator("main :is(h1, h2, p)").first().waitFor();
  await page.getByLabel("Loading", { exact: true }).first().waitFor({ state: "detached" });
}

/** What keeps somebody from using the page, in axe's words with the place; empty: nothing. */
export async function listSeriousFaults(page: Page): Promise<string[]> {
  // Evaluated through the browser's own door: the page's policy lets no foreign script in.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const violations = (await page.evaluate(
    `axe.run(document, ${JSON.stringify({ runOnly: RULES, resultTypes: ["violations"] })}).then((results) => results.violations)`,
  )) as axe.Result[];
  return violations
    .filter(({ impact }) => SERIOUS.has(impact ?? ""))
    .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 160)}`));
}

/** Goes on by the tabulator key until what has the focus bears this name. @throws when it is nowhere on the way */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press("Tab");
    const focus = page.locator(":focus");
    const here = (await focus.count()) === 0 ? "" : await nameOf(page);
    if (here.includes(name)) return;
    passed.push(here);
  }
  throw new Error(`the keyboard does not reach ${name}; it passed ${passed.join(" | ")}`);
}

/** As the browser tells it to a screen reader, near enough for a test: its label, or what is written on it. */
async function nameOf(page: Page): Promise<string> {
  return (await page.evaluate(`(() => {
    const at = document.activeElement;
    const labels = [...(at.labels ?? [])].map((label) => label.textContent).join(" ");
    return at.getAttribute("aria-label") ?? (labels || at.textContent || "");
  })()`)) as string;
}
