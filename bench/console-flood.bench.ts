import type { CDPSession, Page } from "playwright-core";
import { setTimeout as delay } from "node:timers/promises";
import { buildConsole, observe, openWindow, signIn, withBrowser } from "./console-page.ts";
import { figure, quantile, type Bench, type Figure } from "./figure.ts";
import { appendSteadily } from "./preload.ts";

const PER_SECOND = 10_000;
const SETTLE_MS = 3_000;
const PRESS_EVERY_MS = 200;

/** Tasks of 50 ms and more, how long each frame took, and how long each key waited until the frame that answered it. */
const WATCH = `
  seen.clear = () => Object.assign(seen, { tasks: [], frames: [], keys: [] });
  seen.clear();
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => seen.tasks.push(duration))).observe({ type: "longtask" });
  let last;
  const next = (at) => {
    if (last !== undefined) seen.frames.push(at - last);
    last = at;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => seen.keys.push(performance.now() - timeStamp)), true);`;

interface Watched {
  readonly seconds: number;
  readonly tasks: readonly number[];
  readonly frames: readonly number[];
  readonly keys: readonly number[];
  /** Of the main thread, whatever it was busy with. */
  readonly busySeconds: number;
  readonly answers: number;
}

export default {
  names: ["console.flood"],
  leaves: "some",
  purpose: `the ledger grows by ${PER_SECOND} events a second while somebody looks at the overview`,
  async run(stage) {
    await buildConsole();
    const hub = await stage.startHub({ processes: [] });
    await stage.untilAtRest();
    const figures = await withBrowser(async (browser) => {
      const page = await (await openWindow(browser, await signIn(browser, hub))).newPage();
      await observe(page, "floodSeen", WATCH);
      await page.goto(`${hub.url}/console/overview`);
      await page.locator('section[aria-label="Figures"] a').first().waitFor();
      await delay(SETTLE_MS);
      const own = await page.context().newCDPSession(page);
      await own.send("Performance.enable");
      const before = await heapOf(own);
      const calm = await watch(page, own, () => delay(stage.size.seconds * 1_000));
      let perSecond = 0;
      const flood = await watch(page, own, async () => {
        perSecond = await appendSteadily(stage.pool, PER_SECOND, stage.size.seconds);
      });
      await verifyShown(page);
      return [
        figure("console.flood.rate", perSecond, "events/s", PER_SECOND),
        ...compare(flood, calm),
        figure("console.flood.heap", ((await heapOf(own)) - before) / 1_000_000, "MB"),
      ];
    });
    await stage.untilAtRest();
    return figures;
  },
} satisfies Bench;

/** What the page did while something went on, with a person at its keys. */
async function watch(page: Page, own: CDPSession, meanwhile: () => Promise<void>): Promise<Watched> {
  await page.evaluate("globalThis.floodSeen.clear()");
  let answers = 0;
  const count = (response: { url(): string }) =>
    void (answers += Number(response.url().endsWith("/v1/overview")));
  page.on("response", count);
  const began = performance.now();
  const busy = await busyOf(own);
  let over = false;
  const going = meanwhile().finally(() => (over = true));
  while (!over) {
    await page.keyboard.press("Tab");
    await delay(PRESS_EVERY_MS);
  }
  await going;
  page.off("response", count);
  const seen = (await page.evaluate("globalThis.floodSeen")) as Pick<Watched, "tasks" | "frames" | "keys">;
  const seconds = (performance.now() - began) / 1_000;
  return { ...seen, seconds, busySeconds: (await busyOf(own)) - busy, answers };
}

/** @throws Error when the page does not show that the ledger moves */
async function verifyShown(page: Page): Promise<void> {
  const text = await page.getByText(/events a second/).innerText();
  const shown = Number(/[\d.,]+/.exec(text)?.[0].replaceAll(",", ""));
  if (!(shown > 0)) throw new Error(`the overview shows ${text} after thousands`);
}

function compare(flood: Watched, calm: Watched): Figure[] {
  const both = (name: string, unit: string, of: (watched: Watched) => number) =>
    figure(`console.flood.${name}`, of(flood), unit, of(calm));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const at = (numbers: readonly number[], share: number) =>
    quantile(
      numbers.toSorted((a, b) => a - b),
      share,
    );
  return [
    both("busy", "%", ({ busySeconds, seconds }) => (100 * busySeconds) / seconds),
    both("longest", "ms", ({ tasks }) => Math.max(0, ...tasks)),
    both("blocked", "%", ({ tasks, seconds }) => sum(tasks.map((each) => each - 50)) / (10 * seconds)),
    both("frame.p99", "ms", ({ frames }) => at(frames, 0.99)),
    both("key.p50", "ms", ({ keys }) => at(keys, 0.5)),
    both("key.worst", "ms", ({ keys }) => at(keys, 1)),
    both("answers", "answers/s", ({ answers, seconds }) => answers / seconds),
  ];
}

async function busyOf(own: CDPSession): Promise<number> {
  const { metrics } = await own.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
}

/** What is left in the page's memory, in bytes, when nothing is thrown away any more. */
async function heapOf(own: CDPSession): Promise<number> {
  await own.send("HeapProfiler.collectGarbage");
  return (await own.send("Runtime.getHeapUsage")).usedSize;
}
