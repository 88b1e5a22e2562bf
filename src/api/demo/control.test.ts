import { expect, test } from "vitest";

import { demoControl } from "./control.ts";

const TOKEN = "a".repeat(32);

test("a demo on this machine is known by its address and its token", () => {
  expect(demoControl(`http://127.0.0.1:4000/#${TOKEN}`)).toEqual({
    origin: "http://127.0.0.1:4000",
    token: TOKEN,
  });
});

test("no other address opens the page's policy", () => {
  for (const address of [
    "",
    "http://127.0.0.1:4000/",
    "http://127.0.0.1:4000/#short",
    `https://example.com:4000/#${TOKEN}`,
    `http://127.0.0.1:4000@example.com/#${TOKEN}`,
    `http://127.0.0.1:4000;script-src */#${TOKEN}`,
  ])
    expect(demoControl(address)).toBeUndefined();
});
