import type { BrowserContext } from "playwright-core";
import { buildConsole, observe, openWindow, signIn, withBrowser } from "./console-page.ts";
import { figure, quantile, type Bench, type Figure } from "./figure.ts";
import { tellOrders, untilOrdersAreListed } from "./past-order.ts";
import { PATIENCE_MS } from "../src/demo/browser/browser.ts";
import type { Stage } from "./stage.ts";

const ORDERS = 2_000;
const OPENED = 11;

/** What a person came for: where it stands, the page is of use. */
const USEFUL: Readonly<Record<string, string>> = {
  overview: 'section[aria-label="Figures"] a',
  orders: "main table tbody a",
};

/** Notes when the content is there, and the frame that shows it was made. */
const watchFor = (selector: string) => `
  const look = new MutationObserver(() => {
    if (!document.querySelector(${JSON.stringify(selector)})) return;
    look.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => (seen.usefulMs = performance.now())));
  });
  look.observe(document, { childList: true, subtree: true });`;

interface Opened {
  readonly paintedMs: number;
  readonly usefulMs: number;
}

export default {
  names: ["console.first"],
  leaves: "some",
  purpose:
    "a page of the console is opened with nothing in the cache: until something is painted, until it is of use",
  async run(stage) {
    await buildConsole();
    const hub = await stage.startHub({ processes: [] });
    await tellOrders(stage, "FIRST", ORDERS);
    await untilOrdersAreListed(stage);
    await stage.untilAtRest();
    return withBrowser(async (browser) => {
      const figures: Figure[] = [];
      const signedIn = await signIn(browser, hub);
      const open = () => openWindow(browser, signedIn);
      for (const [page, selector] of Object.entries(USEFUL)) {
        const opened: Opened[] = [];
        // The first one also starts the browser's own machinery, as it was started for a person long ago.
        for (let n = 0; n <= OPENED; n++)
          opened.push(await openOnce(stage, open, `${hub.url}/console/${page}`, selector));
        figures.push(...summarize(`console.first.${page}`, opened.slice(1)));
      }
      return figures;
    });
  },
} satisfies Bench;

async function openOnce(
  stage: Stage,
  open: () => Promise<BrowserContext>,
  address: string,
  selector: string,
): Promise<Opened> {
  const context = await open();
  try {
    const page = await context.newPage();
    await observe(page, "firstOpened", watchFor(selector));
    await page.goto(address, { waitUntil: "commit" });
    // Not by the page's own eyes: its policy lets no text become code.
    await stage.until(
      `${address} is of use`,
      async () => (await page.evaluate("globalThis.firstOpened?.usefulMs")) as number | undefined,
      PATIENCE_MS,
    );
    return (await page.evaluate(`({
      usefulMs: globalThis.firstOpened.usefulMs,
      paintedMs: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    })`)) as Opened;
  } finally {
    await context.close();
  }
}

function summarize(name: string, opened: readonly Opened[]): Figure[] {
  const sorted = (of: keyof Opened) => opened.map((each) => each[of]).toSorted((a, b) => a - b);
  return [
    figure(`${name}.painted`, quantile(sorted("paintedMs"), 0.5), "ms"),
    figure(`${name}.useful`, quantile(sorted("usefulMs"), 0.5), "ms"),
    figure(`${name}.useful.worst`, quantile(sorted("usefulMs"), 1), "ms"),
  ];
}
