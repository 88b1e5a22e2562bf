import { request } from "undici";
import { figure, type Bench } from "./figure.ts";
import type { Stage } from "./stage.ts";

const WITHIN_MS = 60_000;

export default {
  names: ["start.second"],
  leaves: "nothing",
  purpose: "a hub starts again, its database with it: until it says that it is ready",
  async run(stage) {
    // A first start of this project's own, ended in order: what the second one finds is what it left.
    await stage.startHub();
    await stage.endHub();
    await stage.releaseDatabase();
    try {
      return [figure("start.second", await timeStart(stage), "s")];
    } finally {
      await stage.endHub();
      await stage.holdDatabase();
    }
  },
} satisfies Bench;

async function timeStart(stage: Stage): Promise<number> {
  const began = performance.now();
  const hub = await stage.startHub();
  await stage.until(
    "the hub is ready",
    async () => {
      const { statusCode, body } = await request(`${hub.url}/readyz`);
      await body.dump();
      return statusCode === 200 ? true : undefined;
    },
    WITHIN_MS,
    5,
  );
  return (performance.now() - began) / 1_000;
}
