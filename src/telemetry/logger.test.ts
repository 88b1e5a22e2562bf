import { expect, test } from "vitest";

import { createLogger } from "./logger.ts";

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  let line = "";
  write(createLogger({ hub: "hub-1", to: { write: (text) => (line += text) } }));
  return JSON.parse(line) as Record<string, unknown>;
}

test("a line says what happened, where and in which story", () => {
  expect(
    logged((log) => log.warn({ event: "effect.parked", correlation: "salesOrder/SO-1" }, "parked")),
  ).toMatchObject({
    level: "warn",
    hub: "hub-1",
    event: "effect.parked",
    correlation: "salesOrder/SO-1",
    message: "parked",
  });
});

test("secrets and business content that slip in are left out", () => {
  const line = logged((log) =>
    log.info({
      token: "s3cret",
      request: { headers: { authorization: "Bearer s3cret" } },
      payload: { price: "s3cret" },
    }),
  );
  expect(JSON.stringify(line)).not.toContain("s3cret");
});

test("an error is told without the row it quotes and without a URL's password", () => {
  const cause = Object.assign(new Error("connect postgres://me:s3cret@db:5432/x"), {
    detail: "Key (id)=(s3cret)",
  });
  const line = logged((log) => log.error({ err: new Error("no start", { cause }) }));
  expect(line["err"]).toMatchObject({
    message: "no start",
    cause: { message: "connect postgres://me:[left out]@db:5432/x" },
  });
  expect(JSON.stringify(line)).not.toContain("s3cret");
});
