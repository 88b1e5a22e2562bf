import { expect, test } from "vitest";
import { compare } from "./compare.ts";
import type { Told } from "./read-back.ts";

/** Twenty pieces ordered; two more were cut, two were scrapped on the way, two in stock, and two made again. */
const told: Told = {
  crm: [{ number: "1", customer: "Novak", quantity: "20", status: "Invoiced", promised: "2031-05-14" }],
  erp: [
    {
      number: "1",
      item: "VALVE-50",
      quantity: "20",
      shipped: "20",
      invoiced: "20",
      promised: "2031-05-14",
      firstPromised: "2031-05-12",
      status: "Invoiced",
      onHold: false,
      lots: [
        { lot: "L-1", quantity: "18" },
        { lot: "L-2", quantity: "2" },
      ],
    },
  ],
  productions: [production("P-1", "20", "L-1", "2"), production("P-2", "2", "L-2", "0")],
  works: [work("P-1", "20", "2"), work("P-2", "2", "0")],
  stock: [{ lot: "L-1", status: "Available", quantity: "0" }],
  scrapped: [{ lot: "L-1", quantity: "2" }],
  balance: "0",
  repeated: [],
};

function production(
  number: string,
  quantity: string,
  lot: string,
  scrap: string,
): Told["productions"][number] {
  return {
    number,
    salesOrder: "1",
    quantity,
    good: quantity,
    scrap,
    received: quantity,
    lots: [lot],
    revision: "A",
    status: "Completed",
    operations: [
      { operation: "10", good: quantity, scrap },
      { operation: "20", good: quantity, scrap: "0" },
    ],
    components: [
      { item: "BODY", planned: quantity, issued: String(Number(quantity) + Number(scrap)) },
      { item: "SPINDLE", planned: quantity, issued: quantity },
    ],
  };
}

function work(number: string, quantity: string, scrap: string): Told["works"][number] {
  return {
    plant: "mes-brno",
    number,
    quantity,
    revision: "A",
    status: "completed",
    operations: [
      { operation: "10", reporting: false, good: quantity, scrap },
      { operation: "20", reporting: true, good: quantity, scrap: "0" },
    ],
    reworked: "0",
    used: [
      { item: "BODY", quantity: String(Number(quantity) + Number(scrap)), operation: "10" },
      { item: "SPINDLE", quantity, operation: "20" },
    ],
  };
}

const differences = (changed: Partial<Told>) => compare(["1"], { ...told, ...changed }).rows[0]!.differences;

test("agrees when every piece that was made was shipped, scrapped later, or lies somewhere", () => {
  const report = compare(["1"], told);
  expect(report.rows[0]).toMatchObject({
    ordered: "20",
    released: "22",
    good: "22",
    scrap: "2",
    received: "22",
    scrappedLater: "2",
    shipped: "20",
    promised: "2031-05-14",
    differences: [],
  });
  expect(report).toMatchObject({ agrees: true });
  expect(report.sums.map(({ holds }) => holds)).toEqual([true, true, true, true, true]);
});

test("names the system and the figure that differ", () => {
  const [crm, erp] = [told.crm[0]!, told.erp[0]!];
  expect(differences({ crm: [{ ...crm, quantity: "21" }] })).toEqual([
    "21 ordered in the CRM, 20 in the ERP",
  ]);
  expect(differences({ crm: [{ ...crm, promised: "2031-05-12" }] })).toEqual([
    "the ERP promises 2031-05-14, the CRM shows 2031-05-12",
  ]);
  expect(differences({ erp: [{ ...erp, invoiced: "40" }] })).toEqual(["20 shipped, 40 invoiced"]);
  expect(differences({ works: [work("P-1", "20", "1"), told.works[1]!] })[0]).toBe(
    "P-1: 2 scrap in operation 10 in the ERP, 1 at the plant",
  );
  expect(differences({ works: [{ ...told.works[0]!, revision: "B" }, told.works[1]!] })).toEqual([
    "P-1: revision A in the ERP, B at the plant",
  ]);
  expect(differences({ works: [told.works[0]!] })).toContain("P-2: no plant has it");
  expect(differences({ crm: [] })).toContain("the CRM does not have it");
  expect(differences({ erp: [] })).toContain("the ERP does not have it");
});

test("a piece that went nowhere, a posting that does not balance and a call that did its work twice are found", () => {
  const sums = (changed: Partial<Told>) =>
    compare(["1"], { ...told, ...changed }).sums.map(({ holds }) => holds);
  expect(sums({ scrapped: [] })).toEqual([false, true, true, true, true]);
  expect(sums({ balance: "12.50" })).toEqual([true, true, false, true, true]);
  expect(sums({ repeated: ["erp: 0ABC"] })).toEqual([true, true, true, false, true]);
  expect(sums({ erp: [told.erp[0]!, told.erp[0]!] })).toEqual([true, true, true, true, false]);
  const more = { item: "SPINDLE", planned: "20", issued: "25" };
  const [first, second] = told.productions as [Told["productions"][number], Told["productions"][number]];
  const productions = [{ ...first, components: [first.components[0]!, more] }, second];
  expect(sums({ productions })).toEqual([true, false, true, true, true]);
  expect(differences({ productions })).toEqual([
    "P-1: 25 of SPINDLE issued in the ERP, 20 used at the plant",
    "P-1: 25 of SPINDLE issued in the ERP, 20 by the bill of materials",
  ]);
});
