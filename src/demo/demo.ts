import { once } from "node:events";
import { createInterface } from "node:readline";
import { type Book, readBook, readHub } from "./book.ts";
import { compare, type Report } from "./compare.ts";
import { DemoError } from "./errors.ts";
import { Narrator } from "./narrate.ts";
import type { Asked } from "./portal.ts";
import { Shop } from "./shop.ts";
import { Story } from "./story.ts";

export interface DemoOptions {
  /** End when the table was shown; otherwise it keeps running until Ctrl-C. */
  readonly once: boolean;
  readonly seed: number;
  /** The report as JSON on standard output, the narration on standard error. */
  readonly json: boolean;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Plays the demo, and ends everything it started, whatever happens.
 * @returns whether both systems and the ledger agreed, the last time that was compared
 */
export async function playDemo(options: DemoOptions): Promise<boolean> {
  const ended = new AbortController();
  // Ctrl-C may come once from the terminal and once more from a parent that hands it on: both ask for the same end.
  const end = () => ended.abort(new DemoError("ended before it was over"));
  for (const signal of SIGNALS) process.on(signal, end);
  process.stdout.on("error", end);

  const narrator = new Narrator(options.json ? process.stderr : process.stdout);
  const shop = new Shop(options.seed, ended.signal);
  let keep = true;
  try {
    const agrees = await play(shop, narrator, options, ended.signal);
    keep = options.once && !agrees;
    return agrees;
  } catch (error) {
    keep = !ended.signal.aborted;
    if (!keep) throw ended.signal.reason;
    throw shop.failure(error);
  } finally {
    await shop.close(keep);
    if (keep) narrator.plain(`What it wrote is kept in ${shop.folder}`);
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

async function play(
  shop: Shop,
  narrator: Narrator,
  { once: onlyOnce, json, seed }: DemoOptions,
  ended: AbortSignal,
): Promise<boolean> {
  narrator.plain(
    `A portal, an ERP and Interlock between them; everything is real but the customers. Seed ${seed}.`,
  );
  narrator.say("Starting two order systems and a hub, each in a process of its own.");
  await shop.open();
  const story = new Story(shop, narrator);
  await story.play();

  narrator.chapter("Read back from the two systems");
  const first = await show(shop, narrator, story.asked, json);
  if (onlyOnce) return first.agrees;
  narrator.plain(whereToLook(shop, first.edit));
  let report: Report = first;
  const lines = createInterface({ input: process.stdin });
  lines.on("line", () => {
    void show(shop, narrator, story.asked, json).then(
      (next) => (report = next),
      (error: Error) => narrator.say(error.message),
    );
  });
  await once(shop.signal, "abort");
  lines.close();
  if (!ended.aborted) throw shop.signal.reason;
  narrator.plain("\nEnding everything.");
  return report.agrees;
}

/** A number of an order in the ERP, and what a person may make of it behind everyone's back. */
interface Edit {
  readonly number: string;
  readonly line: number;
  readonly field: "quantity";
  readonly value: string;
}

async function show(
  shop: Shop,
  narrator: Narrator,
  asked: readonly Asked[],
  json: boolean,
): Promise<Report & { readonly edit: Edit | undefined }> {
  const [erp, portal, hub] = await Promise.all([
    readBook(shop, "shop-erp"),
    readBook(shop, "portal"),
    readHub(shop),
  ]);
  const report = compare(asked, erp, portal, hub);
  const { url, tokenFile } = shop.hub;
  const [erpUrl, portalUrl] = [shop.urlOf("shop-erp"), shop.urlOf("portal")];
  const where = { hub: url, tokenFile, erp: erpUrl, portal: portalUrl, project: shop.folder };
  const edit = editOf(report, erp);
  if (json) process.stdout.write(`${JSON.stringify({ ...report, edit, where })}\n`);
  else narrator.table(report);
  narrator.sums(report);
  return { ...report, edit };
}

/** Of an order whose lines count: which the ERP numbers first depends on the moment. */
function editOf({ rows }: Report, erp: Book): Edit | undefined {
  const held = rows
    .filter(({ inErp }) => inErp === "confirmed")
    .flatMap(({ salesOrder }) => erp.orders.get(salesOrder) ?? []);
  const [order] = held.filter(({ lines }) => lines.length > 0);
  return order && { number: order.number, line: order.lines[0]!.line, field: "quantity", value: "99" };
}

function toEdit(shop: Shop, edit: Edit): string {
  return `Do not believe the table? Change a number behind everyone's back, then press Enter to compare again:
  curl ${shop.urlOf("shop-erp")}/admin/edit -d '${JSON.stringify(edit)}'

`;
}

function whereToLook(shop: Shop, edit: Edit | undefined): string {
  const { url, tokenFile } = shop.hub;
  return `
It keeps running. Look around:
  API      ${url}/v1/events   (token in ${tokenFile})
  a story  bin/interlock trace SO-1016 --project ${shop.folder}
  cases    bin/interlock cases --project ${shop.folder}

${edit ? toEdit(shop, edit) : ""}Ctrl-C ends everything.`;
}
