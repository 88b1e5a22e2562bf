/** What a visitor may do to the demo from the console. Each ends by itself, so that the story can go on and stay one. */
import { setTimeout as delay } from "node:timers/promises";
import { DemoError } from "../errors.ts";
import type { Narrator } from "../narrate.ts";
import type { Act } from "./control.ts";
import { tellHub } from "./people.ts";
import type { World } from "./world.ts";

const CUT_OFF_MS = 15_000;
const HELD_MS = 15_000;
/** Holds that a visitor has quality raise: the scenario knows those of its own. */
export const VISITORS_HOLD = "visit-";

interface Envelope {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: object;
}

/** @param isOver whether the scenario has ended: a hold of a visitor's would change when its own goods are made */
export function actsOf(world: World, narrator: Pick<Narrator, "say">, isOver: () => boolean): Act[] {
  let holds = 0;
  const wait = (ms: number) => delay(ms, undefined, { signal: world.signal });

  async function sendAgain(): Promise<void> {
    const { body } = await world.api("/v1/events?order=newest-first&limit=200");
    const sent = (body.items as Envelope[]).find(({ source }) => source.startsWith("/systems/"));
    if (!sent) throw new DemoError("no system has told anything yet");
    const { id, source, type, subject, time, data } = sent;
    const answer = await world.api("/v1/events", {
      method: "POST",
      contentType: "application/cloudevents+json",
      body: {
        specversion: "1.0",
        id,
        source,
        type,
        subject,
        time,
        datacontenttype: "application/json",
        data,
      },
    });
    narrator.say(
      `${source.slice("/systems/".length)} tells of ${subject} once more. The hub: ${JSON.stringify(answer.body)}`,
    );
  }

  async function cutOff(): Promise<void> {
    await world.ask("mes-brno", "cut-off", { body: { on: true } });
    narrator.say(`Brno is cut off for ${CUT_OFF_MS / 1000} seconds. It works on.`);
    await wait(CUT_OFF_MS).finally(() => world.ask("mes-brno", "cut-off", { body: { on: false } }));
    narrator.say("Brno is back, and tells what it did.");
  }

  async function killHub(): Promise<void> {
    narrator.say(`kill -9 ${world.hub.pid}: there is no hub any more, another one is started.`);
    await world.replaceHub();
    narrator.say(`Hub ${world.hub.pid} looks before it sends again.`);
  }

  async function holdLot(): Promise<void> {
    if (!isOver())
      return narrator.say(
        "Quality raises holds of yours when the week is over; Brno has one of its own on Tuesday.",
      );
    const hold = `${VISITORS_HOLD}${++holds}`;
    const told = { source: "quality", subject: `qualityHold/${hold}`, time: new Date().toISOString() };
    await tellHub(world, {
      ...told,
      id: `raised/${hold}`,
      name: "QualityHoldRaised",
      data: { hold, item: "VALVE-50", reason: { code: "VISITOR", message: "a visitor wants to see a hold" } },
    });
    narrator.say(`Quality holds all VALVE-50 (${hold}) for ${HELD_MS / 1000} seconds.`);
    await wait(HELD_MS);
    await tellHub(world, {
      ...told,
      id: `released/${hold}`,
      name: "QualityHoldReleased",
      data: { hold, item: "VALVE-50", reason: { code: "VISITOR", message: "nothing was wrong" } },
    });
    narrator.say(`Quality releases ${hold}.`);
  }

  return [
    {
      name: "send-a-duplicate",
      title: "Send a duplicate",
      about: "The newest message of a system comes once more. The ledger does not grow.",
      run: sendAgain,
    },
    {
      name: "cut-off-brno",
      title: "Cut off Brno",
      about: "Nobody reaches the plant for a while. It works on; its messages wait on both sides.",
      run: cutOff,
    },
    {
      name: "kill-the-hub",
      title: "Kill the hub",
      about: "kill -9. Another one takes over, and asks the systems before it sends anything again.",
      run: killHub,
    },
    {
      name: "raise-a-hold",
      title: "Raise a quality hold",
      about: "Quality stops an item for a while. No order with it goes to a plant or leaves the house.",
      run: holdLot,
    },
  ];
}
