/** The file's figures beside those of the books. */
import type { Figure } from "../acceptance.ts";
import type { Books, Production } from "./books.ts";
import { type Company, TOLERANCE } from "./company.ts";
import { PACKING } from "./names.ts";
import type { Released } from "./order-release.ts";
import type { Refusal, Senseless } from "./people.ts";
import type { Told } from "./telling.ts";
import type { Sum, Truth } from "./truth.ts";

export interface Played {
  readonly times: number;
  readonly company: Company;
  readonly released: readonly Released[];
  readonly told: Told;
  /** What people were asked about, and settled. */
  readonly senseless: readonly Senseless[];
  readonly refusals: readonly Refusal[];
  readonly books: Books;
}

const ZONE = "Asia/Jerusalem";
/** So many that differ are shown by themselves. */
const SHOWN = 20;

export function figuresOf(truth: Truth, played: Played): Figure[] {
  return [
    ...toldFigures(truth, played),
    ...confirmedFigures(truth, played),
    ...stockFigures(truth, played),
    ...caseFigures(truth, played),
  ];
}

function toldFigures(truth: Truth, { times, told, books }: Played): Figure[] {
  const count = (name: string) => books.events.get(name)!.length;
  const completed = books.events.get("OperationCompleted")!;
  return [
    { what: "rows of the file", expected: 1062, seen: truth.rows },
    // No check of quality is among them: each is told when it begins and when it is done.
    {
      what: "rows that repeat another one, dropped",
      expected: (truth.rows - truth.distinct) * times,
      seen: (told.known - told.repeated) / 2,
    },
    {
      what: "OperationStarted, one for each other row",
      expected: truth.distinct * times,
      seen: count("OperationStarted"),
    },
    { what: "OperationCompleted, the same", expected: truth.distinct * times, seen: completed.length },
    {
      what: "InspectionRecorded, one for each Q.C. row",
      expected: truth.checks * times,
      seen: count("InspectionRecorded"),
    },
    {
      what: "times that the plant's clock shows as the file has them",
      expected: truth.distinct * times,
      seen: completed.filter(({ time, data }) => wallClock(time) === data.sourceTime.text.slice(0, 16))
        .length,
    },
    {
      what: "pieces reworked, neither good nor scrap",
      expected: truth.reworked * times,
      seen: total(completed.map(({ data }) => data.rework.value as string)),
    },
    {
      what: "pieces held for review, without a lot",
      expected: truth.forReview * times,
      seen: total(
        books.events
          .get("QualityHoldRaised")!
          .filter(({ data }) => data.lot === undefined)
          .map(({ data }) => data.quantity.value as string),
      ),
    },
  ];
}

function confirmedFigures(truth: Truth, { times, company, released, books }: Played): Figure[] {
  const byNumber = new Map(books.productions.map((each) => [each.ProductionOrderNumber, each]));
  const pairs = released.flatMap(({ name, number }) =>
    truth.sums
      .filter(({ order }) => order === name)
      .map((sum) => {
        const what = `${number}, ${sum.activity}: good, scrap`;
        return {
          what,
          expected: `${sum.good}, ${sum.scrap}`,
          seen: confirmed(byNumber.get(number), company.operationOf(sum.activity)),
        };
      }),
  );
  const differing = pairs.filter(({ expected, seen }) => expected !== seen);
  const operations = books.productions.flatMap((each) => each.operations);
  const completedGood = (sums: readonly Sum[]) => sums.reduce((sum, { good }) => sum + good, 0);
  return [
    {
      what: "the column of completed pieces, reworked ones included",
      expected: 20_699,
      seen: truth.completedColumn,
    },
    {
      what: "good pieces confirmed in the ERP, each once per operation",
      expected: completedGood(truth.sums) * times,
      seen: total(operations.map(({ ILKGoodQuantity }) => ILKGoodQuantity)),
    },
    {
      what: "scrapped pieces confirmed in the ERP",
      expected: truth.sums.reduce((sum, { scrap }) => sum + scrap, 0) * times,
      seen: total(operations.map(({ ILKErrorQuantity }) => ILKErrorQuantity)),
    },
    {
      what: "operations of work orders whose confirmed sums equal the file's",
      expected: truth.sums.length * times,
      seen: pairs.length - differing.length,
    },
    ...differing.slice(0, SHOWN),
    { what: "things the ERP did twice", expected: 0, seen: books.twice.length },
    { what: "vouchers that do not balance", expected: 0, seen: books.balance.unbalanced.length },
    { what: "debit less credit of all accounts", expected: 0, seen: books.balance.total },
  ];
}

function stockFigures(truth: Truth, { times, company, released, books }: Played): Figure[] {
  const packed = new Map(
    truth.sums.filter(({ activity }) => activity === PACKING).map(({ order, good }) => [order, good]),
  );
  const byNumber = new Map(books.productions.map((each) => [each.ProductionOrderNumber, each]));
  const equal = released.filter(
    ({ name, number }) => Number(byNumber.get(number)?.receivedQuantity) === (packed.get(name) ?? 0),
  );
  const made = new Set(company.items.map(({ number }) => number));
  const stock = books.stock.filter(({ ItemNumber }) => made.has(ItemNumber));
  const over = books.productions.filter(
    ({ ScheduledQuantity, receivedQuantity }) =>
      Number(receivedQuantity) > Number(ScheduledQuantity) * (1 + TOLERANCE / 100),
  );
  const cased = new Set(books.openCases.map(({ kind, subject }) => `${kind} ${subject}`));
  return [
    { what: "production orders", expected: 45 * times, seen: books.productions.length },
    {
      what: "pieces ordered",
      expected: 3097 * times,
      seen: total(books.productions.map(({ ScheduledQuantity }) => ScheduledQuantity)),
    },
    {
      what: "work orders whose stock is the good quantity of packing alone",
      expected: truth.orders.length * times,
      seen: equal.length,
    },
    {
      what: "finished pieces in stock",
      expected: [...packed.values()].reduce((a, b) => a + b, 0) * times,
      seen: total(stock.map(({ OnHandQuantity }) => OnHandQuantity)),
    },
    {
      what: "of these, not free because of the hold for review",
      expected: truth.forReview * times,
      seen: total(
        stock
          .filter(({ InventoryStatusId }) => InventoryStatusId !== "Available")
          .map(({ OnHandQuantity }) => OnHandQuantity),
      ),
    },
    {
      what: "orders with more in stock than ordered and tolerance, and no case",
      expected: 0,
      seen: over.filter(
        ({ ProductionOrderNumber: number }) => !cased.has(`OVER_DELIVERY productionOrder/${number}`),
      ).length,
    },
  ];
}

function caseFigures(
  truth: Truth,
  { times, company, released, senseless, refusals, books }: Played,
): Figure[] {
  const over = released.filter(({ name, quantity }) =>
    truth.sums.some(
      ({ order, good, scrap }) => order === name && good + scrap > Number(quantity) * (1 + TOLERANCE / 100),
    ),
  );
  const explained = refusals.filter(({ order, why }) => {
    const { name } = released.find(({ number }) => number === order)!;
    return truth.sums.some(
      (sum) =>
        sum.order === name &&
        why.includes(`Operation ${company.operationOf(sum.activity)} of production order ${order} `),
    );
  });
  const silent = books.openCases.filter(({ kind }) => kind === "WORK_ORDER_SILENT");
  const others = books.openCases.filter((each) => !silent.includes(each));
  const lines = (found: readonly number[]) => [...new Set(found)].toSorted((a, b) => a - b).join(" ");
  return [
    {
      what: "lines of senseless rows that a case asked about",
      expected: lines(truth.senseless),
      seen: lines(senseless.map(({ line }) => line)),
    },
    {
      what: "cases that name the row and say what is wrong with it",
      expected: truth.senseless.length * times,
      seen: senseless.filter(({ why }) =>
        /, begun \d{4}\/\d\d\/\d\d .+(by its span|is no duration)/.test(why),
      ).length,
    },
    {
      what: "orders with more reported on an operation than the ERP takes: a case",
      expected: over
        .map(({ number }) => number)
        .toSorted()
        .join(" "),
      seen: [...new Set(refusals.map(({ order }) => order))].toSorted().join(" "),
    },
    {
      what: "of these cases, with the operation and the pieces",
      expected: refusals.length,
      seen: explained.length,
    },
    // The log never says that a work order is done.
    {
      what: "work orders of which nothing more is heard: a case",
      expected: truth.orders.length * times,
      seen: silent.length,
    },
    {
      what: "other cases left open",
      expected: "none",
      seen: [...new Set(others.map(({ kind, subject }) => `${kind} ${subject}`))].join(", ") || "none",
    },
  ];
}

function confirmed(production: Production | undefined, operation: string): string {
  const found = production?.operations.find(({ OperationNumber }) => String(OperationNumber) === operation);
  return found ? `${found.ILKGoodQuantity}, ${found.ILKErrorQuantity}` : "nothing";
}

function total(values: readonly string[]): number {
  return values.reduce((sum, value) => sum + Number(value), 0);
}

/** `2024/02/05 22:10`, as a clock on the plant's wall shows the moment. */
function wallClock(time: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(time));
  const of = (type: string) => parts.find((part) => part.type === type)!.value;
  return `${of("year")}/${of("month")}/${of("day")} ${of("hour")}:${of("minute")}`;
}
