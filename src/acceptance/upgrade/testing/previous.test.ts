import { expect, test } from "vitest";
import { otherLibraries } from "./previous.ts";

const lock = (packages: Record<string, object>) => ({ packages: { "": {}, ...packages } });

test("an earlier commit runs on the installed libraries when it asks for no other version of what it needs to run", () => {
  const old = lock({
    "node_modules/pg": { version: "8.1.0" },
    "node_modules/pg/node_modules/pg-types": { version: "2.0.0" },
    "node_modules/vitest": { version: "4.0.0", dev: true },
  });
  const grown = { ...old.packages, "node_modules/vitest": { version: "5.0.0" }, "node_modules/ajv": {} };
  expect(otherLibraries(old, lock(grown))).toEqual([]);
  expect(otherLibraries(old, lock({ "node_modules/pg": { version: "8.2.0" } }))).toEqual([
    "pg 8.1.0, here 8.2.0",
    "pg/node_modules/pg-types 2.0.0, here none",
  ]);
});
