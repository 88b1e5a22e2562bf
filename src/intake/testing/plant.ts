import { createAuthority } from "../../authority/authority.ts";
import type { CaseRules } from "../../case/open.ts";
import type { Session } from "../../connector/contract.ts";
import { loadContracts } from "../../contract/registry.ts";
import { join } from "node:path";

const contracts = loadContracts([join(import.meta.dirname, "../../../contracts")]);

/** The rules under which the tests of intake admit: a CRM that orders and an ERP that confirms. */
export const RULES = {
  contracts,
  authority: createAuthority(
    contracts,
    new Map([
      ["crm", { role: "crm" }],
      ["erp", { role: "erp" }],
    ]),
  ),
};

export const CASES: CaseRules = { roleOf: (system) => system, caseDueAt: () => undefined };

/** An order as its CRM would tell it, structured. */
export function orderRequested(id: string, given: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    specversion: "1.0",
    id,
    source: "/systems/crm",
    type: "interlock.OrderRequested.v1",
    subject: `salesOrder/SO-${id}`,
    time: "2026-03-01T10:00:00+01:00",
    data: {
      salesOrder: `SO-${id}`,
      customer: "C-77",
      lines: [{ line: 1, item: "PUMP-200", quantity: { value: "12.000", unit: "C62" } }],
    },
    ...given,
  };
}

/** A native message of the tests' CRM; what it should become is in it. */
export interface NativeOrder {
  id?: string;
  object: string;
  text?: string;
  unit?: string;
  reference?: string;
  skip?: boolean;
}

export function nativeMessage(order: NativeOrder): { contentType: string; raw: Buffer } {
  return { contentType: "application/json", raw: Buffer.from(JSON.stringify(order)) };
}

/**
 * A session whose system speaks NativeOrder.
 * @param mapping today's mapping: what it makes of a message, which tests change between two tries
 */
export function nativeSession(mapping: { unit?: string; note?: string } = {}): Session {
  const parse = (raw: Uint8Array) => JSON.parse(Buffer.from(raw).toString()) as NativeOrder;
  return {
    apply: () => Promise.reject(new Error("nothing is sent in these tests")),
    identify: (_stream, { raw }) => {
      const { id, object } = parse(raw);
      return id === undefined ? undefined : { id, objectKey: `salesOrder/${object}` };
    },
    translate: async (_stream, { raw }) => {
      const { id, object, unit = mapping.unit ?? "C62", reference, skip } = parse(raw);
      if (skip) return { ok: true, skip: "a draft" };
      const quantity = { value: "1", unit, ...(mapping.note !== undefined && { sourceUnit: mapping.note }) };
      return {
        ok: true,
        event: {
          id: `order-${id}`,
          type: "interlock.OrderRequested.v1",
          subject: `salesOrder/${object}`,
          time: "2026-03-01T10:00:00Z",
          data: { salesOrder: object, customer: "C-77", lines: [{ line: 1, item: "PUMP-200", quantity }] },
          ...(reference !== undefined && { reference }),
        },
      };
    },
    verify: (_stream, headers) => headers["x-signature"] === "right",
    close: async () => {},
  };
}
