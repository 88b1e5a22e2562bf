import { join } from "node:path";
import { expect, test } from "vitest";
import { loadContracts } from "../contract/registry.ts";
import { createAuthority } from "./authority.ts";
import { EVENT_OWNERS } from "./event-owners.ts";

const erp = { system: "shop-erp", role: "erp" } as const;
const portal = { system: "shop", role: "portal" } as const;

test("only the owner of an event type may send it", () => {
  const authority = createAuthority();
  expect(authority.mayEmit(portal, "OrderRequested")).toBe(true);
  expect(authority.mayEmit(erp, "OrderRequested")).toBe(false);
  expect(authority.mayEmit(erp, "OrderConfirmed")).toBe(true);
  expect(authority.mayEmit(erp, "NoSuchThing")).toBe(false);
  expect(authority.mayEmit(erp, "constructor")).toBe(false);
});

test("a project may give a business event to another role or to one system, but not the engine's own", () => {
  const authority = createAuthority({ OrderRequested: ["shop-erp"], EffectApplied: ["erp"] });
  expect(authority.mayEmit(erp, "OrderRequested")).toBe(true);
  expect(authority.mayEmit(portal, "OrderRequested")).toBe(false);
  expect(authority.mayEmit(erp, "EffectApplied")).toBe(false);
});

test("every event contract has an owner", () => {
  const names = loadContracts([join(import.meta.dirname, "../../contracts")])
    .contracts.filter(({ kind }) => kind === "event")
    .map(({ name }) => name);
  expect(names.toSorted()).toEqual(Object.keys(EVENT_OWNERS).toSorted());
});
