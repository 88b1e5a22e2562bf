import { attack } from "../api/testing/hostile.ts";
import { createTestDatabase } from "../db/testing/database.ts";
import type { Proof } from "../testing/proof.ts";
import { Stage, TOKEN } from "./testing/stage.ts";

const ATTACKS = 10_000;
const PART = 500;

const proof: Proof = {
  name: "hostile",
  purpose:
    "10,000 malformed inputs at the API of a running hub: none is taken wrongly, none stops it, each refusal is a problem document.",
  async run({ seed, until, runs = ATTACKS, report }) {
    const database = await createTestDatabase();
    const stage = await Stage.open({ databaseUrl: database.url });
    const answers: Record<string, number> = {};
    let attacks = 0;
    try {
      const hub = await stage.startHub();
      const door = {
        url: hub.ready["url"]!,
        token: TOKEN,
        source: "/systems/portal",
        native: "/v1/systems/portal/inbound/orders",
      };
      for (; attacks < runs && performance.now() < until; attacks += PART) {
        const count = Math.min(PART, runs - attacks);
        for (const [status, times] of Object.entries(await attack(door, { seed: seed + attacks, count })))
          answers[`answered ${status}`] = (answers[`answered ${status}`] ?? 0) + times;
        report(`${attacks + count} inputs, next seed ${seed + attacks + PART}`);
      }
    } finally {
      await stage.close();
      await database.drop();
    }
    return { inputs: Math.min(attacks, runs), ...answers };
  },
};

export default proof;
