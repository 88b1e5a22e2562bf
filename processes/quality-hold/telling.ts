/** The words of this process. */
import type { DerivedEvent, Facts, IntendedCase } from "../../src/process/index.ts";
import { fieldsOf, type Goods, nameOf } from "./state.ts";

export function aCase(
  kind: string,
  owner: IntendedCase["owner"],
  title: string,
  remedy: string,
): IntendedCase {
  return { kind, owner, title: title.slice(0, 900), remedy: remedy.slice(0, 900) };
}

const WORDS = { lot: "lot", serial: "serial number", workOrder: "work order", item: "item" };

export function inWords({ name }: Pick<Goods, "name">): string {
  const revision = name.revision === undefined ? "" : ` revision ${name.revision}`;
  return `${WORDS[name.kind]} ${name.id}${revision}`;
}

export const subjectOfHold = (hold: string): string => `qualityHold/${hold}`;

/** How many holds lie on the goods now: for whoever counts them. */
export function counted(
  name: "GoodsHeld" | "GoodsFreed",
  goods: Goods,
  hold: string,
  more: { quantity?: string | undefined; because?: string },
): DerivedEvent {
  const { quantity, because } = more;
  return {
    name,
    subject: subjectOfHold(hold),
    data: {
      ...fieldsOf(goods),
      quantity: quantity === undefined ? undefined : { value: quantity, unit: goods.unit },
      holds: Object.keys(goods.holds).length,
      hold,
      because: because?.slice(0, 400),
    },
  };
}

/** To everything the goods went into, or that came out of them. */
export function passed(
  name: "HoldPassedOn" | "HoldTakenOff",
  goods: Goods,
  hold: string,
  to: readonly string[] = goods.outputs,
): DerivedEvent[] {
  return to.map((key) => {
    const { kind, id } = nameOf(key);
    const how = name === "HoldPassedOn" ? "is in it" : "is free";
    return {
      name,
      subject: subjectOfHold(hold),
      data: { hold, [kind]: id, because: `${inWords(goods)} ${how}` },
    };
  });
}

/** Sales lines that wait for the goods and have not got them. */
export function waitingLines(goods: Goods, facts: Facts): { salesOrder: string; line: number }[] {
  const order = goods.productionOrder ?? (goods.name.kind === "workOrder" ? goods.name.id : undefined);
  const pegged = order === undefined ? [] : ((facts("peggedTo", order) ?? []) as typeof goods.ready);
  const found = new Map<string, { salesOrder: string; line: number }>();
  for (const { salesOrder, line } of [...goods.ready, ...pegged])
    found.set(`${salesOrder}/${line}`, { salesOrder, line });
  for (const { salesOrder, line } of goods.delivered) found.delete(`${salesOrder}/${line}`);
  return [...found.values()];
}

export function atRisk(
  goods: Goods,
  facts: Facts,
  hold: string,
  since: string,
  because: string,
): DerivedEvent[] {
  return waitingLines(goods, facts).map(({ salesOrder, line }) => ({
    name: "OrderAtRisk",
    subject: `salesOrder/${salesOrder}`,
    data: {
      salesOrder,
      line,
      because: because.slice(0, 400),
      since,
      hold,
      productionOrder: goods.productionOrder,
      lot: goods.name.kind === "lot" ? goods.name.id : undefined,
    },
  }));
}
