import { join } from "node:path";
import { expect, test } from "vitest";
import { loadContracts } from "../contract/registry.ts";
import { createAuthority } from "./authority.ts";

const contracts = loadContracts([join(import.meta.dirname, "../../contracts")]);
const systems = new Map([
  ["shop-erp", { role: "erp" }],
  ["shop", { role: "portal" }],
] as const);

test("only the owner of an event type may send it", () => {
  const authority = createAuthority(contracts, systems);
  expect(authority.mayEmit("shop", "OrderRequested")).toEqual({ ok: true });
  expect(authority.mayEmit("shop-erp", "OrderRequested")).toEqual({
    ok: false,
    message: "shop-erp (erp) may not send OrderRequested: only crm, portal, edi may",
  });
  expect(authority.mayEmit("shop-erp", "OrderConfirmed")).toEqual({ ok: true });
  for (const name of ["NoSuchThing", "constructor", "EffectApplied"])
    expect(authority.mayEmit("shop-erp", name)).toMatchObject({ ok: false });
  expect(authority.mayEmit("stranger", "OrderRequested")).toMatchObject({ ok: false });
});

test("a system that is called as a role is has only the rights of its own role", () => {
  const authority = createAuthority(contracts, new Map([["portal", { role: "qms" }]] as const));
  expect(authority.mayEmit("portal", "OrderRequested")).toMatchObject({
    ok: false,
    message: "portal (qms) may not send OrderRequested: only crm, portal, edi may",
  });
});

test("a project may give a business event to another role or to one system, but not the engine's own", () => {
  const authority = createAuthority(contracts, systems, {
    OrderRequested: ["shop-erp"],
    EffectApplied: ["erp"],
  });
  expect(authority.mayEmit("shop-erp", "OrderRequested").ok).toBe(true);
  expect(authority.mayEmit("shop", "OrderRequested").ok).toBe(false);
  expect(authority.mayEmit("shop-erp", "EffectApplied").ok).toBe(false);
});
