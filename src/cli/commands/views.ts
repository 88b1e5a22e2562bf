import { setTimeout as delay } from "node:timers/promises";

import { defineCommand, type JsonOption, teach, withJson } from "../command.ts";
import { connectHub, type HubClient, type HubOptions, withHub } from "../hub-client.ts";
import { printJson, printLine, printTable } from "../output.ts";

interface View {
  readonly name: string;
  readonly checkpoint: number;
  readonly lag: number;
  readonly lagSeconds: number;
  readonly rebuildingTo: number | null;
  readonly stoppedFor: string | null;
}

const LOOK_MS = 500;

export default defineCommand((program) => {
  const views = program
    .command("views")
    .description("see how far the read models are behind the ledger; fill them anew");

  const list = views
    .command("list", { isDefault: true })
    .summary("each read model and how far it is")
    .description("Lists the read models: how many events each is behind the ledger, and whether it stands.")
    .action(async ({ json, ...options }: HubOptions & JsonOption) => {
      const { items } = await connectHub(options).get<{ items: View[] }>("/v1/views");
      if (json) return printJson(items);
      printTable(
        ["VIEW", "AT", "BEHIND", "STATE"],
        items.map((view) => [view.name, String(view.checkpoint), `${view.lag} events`, stateOf(view)]),
      );
    });
  teach(withHub(withJson(list)), {
    examples: [["views", "every read model"]],
    exit1: "the hub refused, or does not answer",
  });

  const rebuild = views
    .command("rebuild [name]")
    .summary("empty a read model, or all, and fill it from the beginning of the ledger")
    .description(
      "Empties a read model and fills it from the ledger. It comes to hold the same bytes; until then it shows less than there is. The line goes on meanwhile. Ends when the read model has caught up.",
    )
    .option("--no-wait", "do not wait until it has caught up")
    .action(async (name: string | undefined, { wait, json, ...options }: RebuildOptions) => {
      const hub = connectHub(options);
      const names =
        name === undefined
          ? (await hub.get<{ items: View[] }>("/v1/views")).items.map((view) => view.name)
          : [name];
      for (const each of names) await hub.post(`/v1/views/${encodeURIComponent(each)}/rebuild`, {});
      const done = wait ? await untilFilled(hub, names, json === true) : await viewsNamed(hub, names);
      if (json) return printJson(done);
      for (const view of done) printLine(`${view.name}: ${stateOf(view)}`);
    });
  teach(withHub(withJson(rebuild)), {
    examples: [
      ["views rebuild order", "one read model"],
      ["views rebuild", "all of them"],
    ],
    exit1: "the hub refused, or does not answer; there is no such read model",
  });
});

interface RebuildOptions extends HubOptions, JsonOption {
  readonly wait: boolean;
}

function stateOf({ stoppedFor, rebuildingTo, checkpoint, lag }: View): string {
  if (stoppedFor !== null) return `stopped: ${stoppedFor}`;
  if (rebuildingTo !== null)
    return `being filled anew, ${Math.floor((100 * checkpoint) / rebuildingTo)} % of ${rebuildingTo} events`;
  return lag === 0 ? "up to date" : "follows";
}

async function viewsNamed(hub: HubClient, names: readonly string[]): Promise<View[]> {
  const { items } = await hub.get<{ items: View[] }>("/v1/views");
  return items.filter(({ name }) => names.includes(name));
}

/** Tells how far they are, as long as anything moves. */
async function untilFilled(hub: HubClient, names: readonly string[], quiet: boolean): Promise<View[]> {
  let said = "";
  for (;;) {
    const views = await viewsNamed(hub, names);
    const filling = views.filter(
      ({ rebuildingTo, stoppedFor }) => rebuildingTo !== null && stoppedFor === null,
    );
    if (filling.length === 0) return views;
    const line = filling.map((view) => `${view.name} ${stateOf(view)}`).join("; ");
    if (!quiet && line !== said) printLine((said = line));
    await delay(LOOK_MS);
  }
}
