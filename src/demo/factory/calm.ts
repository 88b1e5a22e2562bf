/** When nothing is under way any more: only then the clocks may go on, so that a run is the same on a slow machine. */
import { DemoError } from "../errors.ts";
import type { Narrator } from "../narrate.ts";
import { type Look, untilAtRest, type Waiting } from "../rest.ts";
import { resume, retryGivenUp } from "./duty.ts";
import type { Weather } from "./pace.ts";
import type { World } from "./world.ts";

const PATIENCE: Readonly<Record<Weather, Pick<Waiting, "withinMs" | "lookBeganMs" | "webhooksHeldBack">>> = {
  fair: { withinMs: 300_000 },
  // With faults on, a look or two may show less than there is, and a webhook is held back until another one comes.
  chaos: { withinMs: 400_000, lookBeganMs: 1_500, webhooksHeldBack: true },
};

/** @throws DemoError when it is not calm in time, or the hub stops sending where nothing is wrong */
export async function calm(
  world: World,
  narrator: Pick<Narrator, "say" | "wait">,
  weather: Weather = "fair",
): Promise<void> {
  const meanwhile = async ({ paused, busy }: Look) => {
    for (const [system, why] of paused) {
      // Only where everything goes wrong is there anybody on duty who knows that it was a trial.
      if (weather === "fair") throw new DemoError(`the hub sends nothing to ${system}: ${why}`);
      narrator.say(`The hub sends nothing to ${system}: ${why}. IT sees to it.`);
      await resume(world, system, "seen to");
    }
    const retried = weather === "chaos" && busy === undefined ? await retryGivenUp(world) : [];
    for (const subject of retried)
      narrator.say(
        `The ERP gave up on a message about ${subject} after three tries. Its case is seen to: it is sent again.`,
      );
    return paused.size + retried.length > 0;
  };
  await untilAtRest(world, { ...PATIENCE[weather], waits: (what) => narrator.wait(what), meanwhile });
}
