import { expect, test } from "vitest";
import type { Book, HeldOrder } from "./book.ts";
import { compare } from "./compare.ts";
import type { Asked } from "./portal.ts";

const line = {
  line: 10,
  item: "PUMP-200",
  quantity: "12",
  unit: "C62",
  price: "1999.00",
  requestedDate: "2031-05-09",
};
const asked: Asked = { salesOrder: "SO-1", customer: "C-77", lines: [line], end: "confirmed", remark: "" };
const held: HeldOrder = {
  number: "4000001",
  sourceOrder: "SO-1",
  customer: "C-77",
  status: "confirmed",
  lines: [{ ...line, quantity: "12.000", confirmedDate: "2031-05-12" }],
};
const shown = { status: "confirmed", details: { document: "4000001", confirmedDate: "2031-05-12" } };
const hub = { requested: new Map([["SO-1", 1]]), cases: [] };

function erpWith(...orders: HeldOrder[]): Book {
  return { orders: new Map(orders.length > 0 ? [["SO-1", orders]] : []), shown: new Map(), repeated: [] };
}
function portalWith(told: object = {}): Book {
  return { orders: new Map(), shown: new Map([["SO-1", { ...shown, ...told }]]), repeated: [] };
}
const differences = (...parts: Parameters<typeof compare>) => compare(...parts).rows[0]!.differences;

test("agrees when the ERP has the order once, as it was asked for, and the portal shows what it promises", () => {
  expect(compare([asked], erpWith(held), portalWith(), hub)).toMatchObject({
    agrees: true,
    sums: { createdOnce: 1, missing: 0, doubled: 0, unasked: 0, repeated: 0 },
  });
});

test("names what is missing, doubled, asked for by nobody, or done twice", () => {
  const twice = compare([asked], erpWith(held, { ...held, number: "4000002" }), portalWith(), hub);
  expect(twice).toMatchObject({ agrees: false, sums: { doubled: 1 } });
  expect(twice.rows[0]!.differences).toEqual(["created 2 times in the ERP"]);
  const never = compare([asked], erpWith(), portalWith(), hub);
  expect(never).toMatchObject({ agrees: false, sums: { missing: 1 } });
  expect(compare([], erpWith(held), portalWith(), hub)).toMatchObject({
    agrees: false,
    sums: { unasked: 1 },
  });
  const repeated = compare([asked], { ...erpWith(held), repeated: ["0ABC"] }, portalWith(), hub);
  expect(repeated).toMatchObject({ agrees: false, sums: { repeated: 1 } });
  expect(differences([asked], erpWith(held), portalWith(), { ...hub, requested: new Map() })).toEqual([
    "0 times in the ledger",
  ]);
});

test("compares every line and the promise", () => {
  const other = { ...held, lines: [{ ...held.lines[0]!, quantity: "13" }] };
  expect(differences([asked], erpWith(other), portalWith(), hub)).toEqual([
    "line 10: quantity 13 in the ERP, 12 was asked for",
  ]);
  const more = { ...held, lines: [...held.lines, { ...held.lines[0]!, line: 20 }] };
  expect(differences([asked], erpWith(more), portalWith(), hub)).toEqual([
    "line 20 is in the ERP, and was not asked for",
  ]);
  const late = portalWith({ details: { document: "4000001", confirmedDate: "2031-05-09" } });
  expect(differences([asked], erpWith(held), late, hub)).toEqual([
    "the ERP promises 2031-05-12, the portal shows 2031-05-09",
  ]);
});

test("expects of a cancelled order that the ERP never got it, or has it cancelled", () => {
  const cancelled: Asked = { ...asked, end: "cancelled" };
  const told = portalWith({ status: "cancelled" });
  expect(differences([cancelled], erpWith(), told, hub)).toEqual([]);
  expect(differences([cancelled], erpWith({ ...held, status: "cancelled" }), told, hub)).toEqual([]);
  expect(differences([cancelled], erpWith(held), told, hub)).toEqual(["confirmed in the ERP, not cancelled"]);
});
