/** An order's rows, made of its parts: nothing is carried over from the rows before. */
import { plain } from "./amount.ts";
import { piecesOf, linesOf, quantitiesOf, type Quantities, shippedOf } from "./quantities.ts";
import type { Line, Moment, ProductionPart, Said, Says } from "./part.ts";
import { type FieldSaid, sideBySide } from "./say.ts";
import { isOpen, type Stage, stageOf, type Track, trackOf } from "./stage.ts";
import { type Waiting, waitingOf } from "./waiting.ts";
import type { Whole } from "./whole.ts";

/** A thing that keeps an order or what is made for it. */
export interface Hold {
  readonly what: string;
  readonly because: string;
  readonly since: string;
}

/** What the page of one order shows, as far as the ledger tells it. */
export interface OrderDetail {
  readonly lines: readonly (Line & { readonly shipped: string })[];
  readonly track: readonly Track[];
  readonly says: readonly FieldSaid[];
  readonly holds: readonly Hold[];
  readonly atRisk: { readonly because: string; readonly since: string } | null;
  readonly productionOrders: readonly {
    readonly productionOrder: string;
    readonly plant: string | null;
    readonly item: string | null;
    readonly quantity: string | null;
    readonly unit: string | null;
    readonly plannedAt: string | null;
    readonly releasedAt: string | null;
    readonly cancelledAt: string | null;
    readonly closedAt: string | null;
    readonly good: string;
    readonly scrap: string;
    readonly workOrders: readonly {
      readonly workOrder: string;
      readonly releasedAt: string | null;
      readonly startedAt: string | null;
      readonly completedAt: string | null;
    }[];
  }[];
  readonly shipments: readonly {
    readonly shipment: string;
    readonly readyAt: string | null;
    readonly leftAt: string | null;
    readonly issuedAt: string | null;
  }[];
  readonly invoices: readonly {
    readonly invoice: string;
    readonly at: string;
    readonly shipment: string | null;
  }[];
}

export interface OrderRow {
  readonly id: string;
  readonly quote: string | null;
  readonly customer: string | null;
  readonly customerReference: string | null;
  readonly plants: readonly string[];
  readonly businessUnit: string | null;
  readonly stage: Stage;
  readonly open: boolean;
  readonly reached: Readonly<Record<Track["step"], string | null>>;
  readonly quantities: Quantities;
  readonly promisedDate: string | null;
  readonly projectedDate: string | null;
  readonly waiting: Waiting | undefined;
  readonly held: boolean;
  readonly differing: number;
  /** When the last of it happened, and at which position that was told. */
  readonly last: Moment;
  readonly detail: OrderDetail;
}

export function summarize(whole: Whole): OrderRow {
  const { id, order, productions } = whole;
  const quantities = quantitiesOf(whole);
  const track = trackOf(whole, quantities);
  const stage = stageOf(whole, track);
  const open = isOpen(stage);
  const holds = open ? holdsOf(whole) : [];
  const says = sideBySide({ ...order.says, ...saysOfProduction(whole) });
  const lines = linesOf(order);
  const plants = new Set(
    productions.flatMap(({ part, works }) =>
      [part, ...works.map((work) => work.part)].map(({ plant }) => plant),
    ),
  );
  if (order.plant !== undefined) plants.add(order.plant);
  return {
    id,
    quote: order.quote ?? null,
    customer: order.customer ?? null,
    customerReference: order.reference ?? null,
    plants: [...plants].filter((plant) => plant !== undefined).toSorted(),
    businessUnit: order.businessUnit ?? null,
    stage,
    open,
    reached: Object.fromEntries(track.map(({ step, reachedAt }) => [step, reachedAt])) as OrderRow["reached"],
    quantities,
    promisedDate: lastDay(lines.map(({ promisedDate }) => promisedDate)),
    projectedDate: lastDay(Object.values(order.projected ?? {})),
    waiting: waitingOf(whole, stage, quantities),
    held: holds.length > 0,
    differing: says.filter(({ differsSince }) => differsSince !== undefined).length,
    last: lastOf(whole),
    detail: {
      lines: lines.map((line) => ({ ...line, shipped: shippedOf(order, line.line) })),
      track,
      says,
      holds,
      atRisk: open && order.atRisk ? { because: order.atRisk.because, since: order.atRisk.at } : null,
      ...producedOf(whole),
      shipments: Object.entries(order.shipments ?? {}).map(([shipment, { ready, confirmed, issued }]) => ({
        shipment,
        readyAt: ready?.at ?? null,
        leftAt: confirmed?.at ?? issued?.at ?? null,
        issuedAt: issued?.at ?? null,
      })),
      invoices: Object.entries(order.invoices ?? {}).map(([invoice, { at, shipment }]) => ({
        invoice,
        at,
        shipment: shipment ?? null,
      })),
    },
  };
}

function lastDay(days: readonly (string | undefined)[]): string | null {
  return days
    .flatMap((day) => day ?? [])
    .reduce<string | null>((a, b) => (a === null || b > a ? b : a), null);
}

function holdsOf({ order, customer, goods, productions }: Whole): Hold[] {
  const hold = (what: string, because: string, { at }: Moment): Hold => ({ what, because, since: at });
  return [
    ...(order.creditHold ? [hold("credit", "the order is on credit hold", order.creditHold)] : []),
    ...(customer.creditHold
      ? [hold("credit", `customer ${order.customer} is on credit hold`, customer.creditHold)]
      : []),
    ...goods.map(({ kind, id, part: { held } }) =>
      hold(`${kind}/${id}`, held!.because ?? `held under ${held!.hold}`, held!),
    ),
    ...productions.flatMap(({ id, part, works }) => [
      ...(part.held ? [hold(`productionOrder/${id}`, part.held.reason ?? "held by the ERP", part.held)] : []),
      ...works.flatMap((work) =>
        work.part.held && !work.part.completed
          ? [hold(`workOrder/${work.id}`, work.part.held.reason ?? "held by its plant", work.part.held)]
          : [],
      ),
    ]),
  ];
}

function producedOf({ productions }: Whole): Pick<OrderDetail, "productionOrders"> {
  return {
    productionOrders: productions.map(({ id, part, works }) => {
      const { good, scrap } = piecesOf(
        part,
        works.map((work) => work.part),
      );
      return {
        productionOrder: id,
        plant: part.plant ?? null,
        item: part.item ?? null,
        quantity: part.quantity ?? null,
        unit: part.unit ?? null,
        plannedAt: part.planned?.at ?? null,
        releasedAt: part.released?.at ?? null,
        cancelledAt: part.cancelled?.at ?? null,
        closedAt: part.closed?.at ?? null,
        good,
        scrap,
        workOrders: works.map(({ id: workOrder, part: work }) => ({
          workOrder,
          releasedAt: work.released?.at ?? null,
          startedAt: work.started?.at ?? null,
          completedAt: work.completed?.at ?? null,
        })),
      };
    }),
  };
}

/** What the plant has reported and what the ERP has confirmed of it, by production order. */
function saysOfProduction({ productions }: Whole): Says {
  const says: Says = {};
  for (const { id, part, works } of productions) {
    const told = works.map((work) => work.part).filter(({ toldBy }) => toldBy);
    const last = told.map(({ toldBy }) => toldBy!).toSorted((a, b) => b.seq - a.seq)[0];
    const made = piecesOf(part, told);
    const posted = part.confirmedBy && postedOf(part, works[0]?.part.reporting);
    for (const field of ["good", "scrap"] as const) {
      const words: Record<string, Said> = {};
      const said = (value: string, { at, seq }: Moment): Said => ({
        value: plain(value),
        ...(part.unit !== undefined && { unit: part.unit }),
        at,
        seq,
      });
      if (last) words[last.system] = said(made[field], last);
      if (posted) words[part.confirmedBy!.system] = said(posted[field], part.confirmedBy!);
      if (Object.keys(words).length > 0) says[`${field} ${id}`] = words;
    }
  }
  return says;
}

/** The ERP's confirmations as the plant's reports are counted. */
function postedOf(
  { confirmed = {}, reporting }: ProductionPart,
  planned: readonly string[] | undefined,
): { good: string; scrap: string } {
  const operations = Object.keys(confirmed).some((operation) => operation !== "")
    ? Object.fromEntries(Object.entries(confirmed).filter(([operation]) => operation !== ""))
    : undefined;
  const work = operations ? { operations } : { whole: confirmed[""]! };
  return piecesOf(reporting ? { reporting } : {}, [{ ...work, ...(planned && { reporting: [...planned] }) }]);
}

function lastOf({ order, customer, productions, goods }: Whole): Moment {
  const parts = [order, customer, ...goods.map(({ part }) => part)];
  for (const { part, works } of productions) parts.push(part, ...works.map((work) => work.part));
  return parts.reduce((last, part) => (part.last && part.last.seq > last.seq ? part.last : last), {
    at: "",
    seq: 0,
  });
}
