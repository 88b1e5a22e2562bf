import { once } from "node:events";
import { createInterface } from "node:readline";
import { DEMO_VARIABLE } from "../../api/demo/control.ts";
import { DemoError } from "../errors.ts";
import { Narrator } from "../narrate.ts";
import { Chaos } from "./chaos.ts";
import { Control } from "./control.ts";
import { compare, type Report } from "./compare.ts";
import { type Latency, latenciesInWords, readLatencies } from "./latency.ts";
import { moveIn } from "./people.ts";
import { readBack } from "./read-back.ts";
import { Scenario } from "./scenario.ts";
import { type Struck, struckInWords } from "./struck.ts";
import { tableOf } from "./table.ts";
import { actsOf } from "./visitor.ts";
import { SYSTEM_NAMES, World } from "./world.ts";

export interface FactoryOptions {
  /** End when the table was shown; otherwise it keeps running until Ctrl-C. */
  readonly once: boolean;
  readonly seed: number;
  /** Every fault on, a plant cut off, the hub killed again and again. */
  readonly chaos: boolean;
  /** The report as JSON on standard output, the narration on standard error. */
  readonly json: boolean;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Plays the factory, and ends everything it started, whatever happens.
 * @returns whether the systems agreed, the last time they were compared
 */
export async function playFactory(options: FactoryOptions): Promise<boolean> {
  const ended = new AbortController();
  // Ctrl-C may come once from the terminal and once more from a parent that hands it on: both ask for the same end.
  const end = () => ended.abort(new DemoError("ended before it was over"));
  for (const signal of SIGNALS) process.on(signal, end);
  process.stdout.on("error", end);

  const control = await Control.open();
  const narrator = new Narrator(options.json ? process.stderr : process.stdout, control);
  const world = new World(options.seed, ended.signal, options.chaos ? "chaos" : "fair", {
    [DEMO_VARIABLE]: control.address,
  });
  let keep = true;
  try {
    const agrees = await play(world, narrator, control, options, ended.signal);
    keep = options.once && !agrees;
    return agrees;
  } catch (error) {
    keep = !ended.signal.aborted;
    if (!keep) throw ended.signal.reason;
    throw world.failure(error);
  } finally {
    await control.close();
    await world.close(keep);
    if (keep) narrator.plain(`What it wrote is kept in ${world.folder}`);
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

async function play(
  world: World,
  narrator: Narrator,
  control: Control,
  { once: onlyOnce, json, seed, chaos: wild }: FactoryOptions,
  ended: AbortSignal,
): Promise<boolean> {
  narrator.plain(
    `A machine builder with a CRM, an ERP, plants in Lyon and Brno, and Interlock between them. Seed ${seed}.`,
  );
  narrator.say("Starting four systems and a hub, each in a process of its own.");
  await world.open(() => moveIn(world));
  // Where the hub is killed at random as it is, a visitor would only stand in the way.
  let over = false;
  control.offer({ origin: () => world.hub.url, acts: wild ? [] : actsOf(world, narrator, () => over) });
  if (!onlyOnce)
    narrator.plain(`\nWatch it in a browser; the link lets you in once:\n  ${await signInLink(world)}\n`);
  const chaos = wild ? new Chaos(world, narrator) : undefined;
  const scenario = new Scenario(world, narrator, chaos);
  await scenario.play();
  over = true;

  const struck = await chaos?.struck();
  if (struck) {
    narrator.chapter("What went wrong");
    narrator.plain(`The hub was killed ${chaos!.kills} times. ${struckInWords(struck)}`);
  }
  const latencies = await readLatencies(world);
  narrator.chapter("How long each hop took, by the hub's own ledger");
  narrator.plain(latenciesInWords(latencies));
  narrator.chapter("Read back from the CRM, the ERP and the plants; the hub is not asked");
  const { orders } = scenario;
  const shown = { narrator, orders, json, latencies, ...(struck && { struck }) };
  let report = await show(world, shown);
  if (onlyOnce) return report.agrees;
  narrator.plain(whereToLook(world, orders));
  const lines = createInterface({ input: process.stdin });
  lines.on("line", () => {
    void show(world, shown).then(
      (next) => (report = next),
      (error: Error) => narrator.say(error.message),
    );
  });
  await once(world.signal, "abort");
  lines.close();
  if (!ended.aborted) throw world.signal.reason;
  narrator.plain("\nEnding everything.");
  return report.agrees;
}

/** Into the console, as an administrator. */
async function signInLink(world: World): Promise<string> {
  const body = { role: "admin", actor: "demo", reason: "whoever watches the demo" };
  const answer = await world.api("/v1/sign-in-links", { method: "POST", body });
  if (answer.status !== 200) throw new DemoError(`no sign-in link: ${JSON.stringify(answer.body)}`);
  return `${world.hub.url}${answer.body.path}`;
}

interface Shown {
  readonly narrator: Narrator;
  readonly orders: readonly string[];
  readonly json: boolean;
  readonly latencies: readonly Latency[];
  readonly struck?: readonly Struck[];
}

async function show(world: World, { narrator, orders, json, latencies, struck }: Shown): Promise<Report> {
  const report = compare(orders, await readBack(world));
  const { url, tokenFile } = world.hub;
  const systems = Object.fromEntries(SYSTEM_NAMES.map((name) => [name, world.urlOf(name)]));
  const where = { hub: url, tokenFile, systems, project: world.folder };
  if (json) process.stdout.write(`${JSON.stringify({ ...report, latencies, struck, where })}\n`);
  narrator.plain(tableOf(report, json ? process.stderr : process.stdout));
  return report;
}

function whereToLook(world: World, [order = ""]: readonly string[]): string {
  const { url, tokenFile } = world.hub;
  const key = `"key":{"ProductionOrderNumber":"P-000001"}`;
  const edit = `'{"set":"ProductionOrderHeaders",${key},"field":"ScheduledQuantity","value":"99"}'`;
  return `
It keeps running. Look around:
  API      ${url}/v1/events   (token in ${tokenFile})
  a story  bin/interlock trace ${order} --project ${world.folder}
  cases    bin/interlock cases --project ${world.folder}
${SYSTEM_NAMES.map((name) => `  ${name.padEnd(8)} ${world.urlOf(name)}/admin/book`).join("\n")}

Do not believe the table? Change a number behind everyone's back, then press Enter to compare again:
  curl ${world.urlOf("erp")}/admin/edit -d ${edit}

Ctrl-C ends everything.`;
}
