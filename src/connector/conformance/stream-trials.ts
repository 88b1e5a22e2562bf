import { expect, test } from "vitest";
import type { Stand } from "./stand.ts";

const DAMAGED = ["", "no json", "{}", '{"id":1}', "[]", "null", '{"id":"1","type":"x","data":{}}', "\u0000"];

/** Any stream: nonsense is refused without a throw. */
export function streamTrials(name: string, stand: () => Stand): void {
  test("refuses damaged messages with a reason, and finds no identity in them", async () => {
    const { session } = stand();
    for (const text of DAMAGED) {
      const message = { contentType: "application/json", raw: Buffer.from(text) };
      expect(session.identify(name, message), `${text}`).toBeUndefined();
      const translation = await session.translate(name, message);
      expect(translation, `${text}`).toMatchObject({
        ok: false,
        code: expect.stringMatching(/^[A-Z][A-Z0-9_]+$/),
      });
    }
  });
}
