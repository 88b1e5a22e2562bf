import { cents, exact, plain, sum, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { refuse } from "../refusal.ts";
import { defineTable } from "../store/table.ts";

/** Debits are positive. Each account has one purpose, so that a sum by account says what happened. */
export const ACCOUNTS = {
  inventory: "140100 Inventory",
  wip: "140200 Work in process",
  receivables: "130100 Accounts receivable",
  purchaseAccrual: "200140 Purchase accrual",
  salesTax: "202100 Sales tax",
  revenue: "401100 Revenue",
  costOfGoodsSold: "501100 Cost of goods sold",
  labourAbsorbed: "510300 Labour absorbed",
  productionScrap: "510400 Production scrap",
  productionVariance: "510500 Production variance",
  inventoryScrap: "510600 Inventory scrap",
  inventoryAdjustment: "510700 Inventory adjustment",
  cash: "110110 Bank",
} as const;
export type Account = keyof typeof ACCOUNTS;

export const VOUCHER_LINES = defineTable(
  "voucherLine",
  {
    dataAreaId: "text",
    VoucherNumber: "text",
    LineNumber: "int",
    AccountingDate: "date",
    MainAccountId: "text",
    AmountInAccountingCurrency: "decimal",
    Text: "text",
    ProductionOrderNumber: "text",
    ILKReference: "text",
  },
  ["dataAreaId", "VoucherNumber", "LineNumber"],
  ["VoucherNumber", "ProductionOrderNumber"],
);

export const PERIODS = defineTable(
  "period",
  { dataAreaId: "text", PeriodName: "text", PeriodStatus: "text" },
  ["dataAreaId", "PeriodName"],
);

export type Posting = readonly [debit: Account, credit: Account, amount: Exact];

/**
 * Posts pairs of debit and credit of the same amount: so a voucher balances whatever was rounded. Amounts below zero
 * turn a pair around, as a reversal does.
 */
export function postVoucher(
  erp: Erp,
  call: Call,
  about: { date: string; text: string; productionOrder?: string },
  postings: readonly Posting[],
): string {
  refuseClosedPeriod(erp, about.date);
  const voucher = erp.nextNumber("VOU");
  const lines = postings
    .map(([debit, credit, amount]) => ({ debit, credit, amount: cents(amount) }))
    .filter(({ amount }) => !amount.isZero())
    .flatMap(({ debit, credit, amount }) => [[debit, amount] as const, [credit, amount.neg()] as const]);
  lines.forEach(([account, amount], index) => {
    erp.create(VOUCHER_LINES, {
      VoucherNumber: voucher,
      LineNumber: index + 1,
      AccountingDate: about.date,
      MainAccountId: ACCOUNTS[account].slice(0, 6),
      AmountInAccountingCurrency: plain(amount),
      Text: about.text,
      ProductionOrderNumber: about.productionOrder ?? "",
      ILKReference: call.reference,
    });
  });
  for (const [account, amount] of lines)
    erp.note(call, "ledger", voucher, {
      account: ACCOUNTS[account],
      amount: plain(amount),
      date: about.date,
      text: about.text,
      productionOrder: about.productionOrder ?? "",
    });
  return voucher;
}

export function refuseClosedPeriod(erp: Erp, date: string): void {
  const name = date.slice(0, 7);
  if (erp.get(PERIODS, { PeriodName: name })?.PeriodStatus === "Closed")
    refuse(
      "PeriodClosed",
      `Fiscal period ${name} is closed: nothing can be posted on ${date}`,
      "AccountingDate",
    );
}

/** What an order has cost so far and not yet given off. */
export function workInProcess(erp: Erp, productionOrder: string): Exact {
  return sum(
    erp.store
      .find(VOUCHER_LINES, { ProductionOrderNumber: productionOrder })
      .filter(({ MainAccountId }) => MainAccountId === ACCOUNTS.wip.slice(0, 6))
      .map(({ AmountInAccountingCurrency }) => AmountInAccountingCurrency),
  );
}

/** What was ever spent on an order. */
export function costSoFar(erp: Erp, productionOrder: string): Exact {
  return sum(
    erp.store
      .find(VOUCHER_LINES, { ProductionOrderNumber: productionOrder })
      .filter(
        ({ MainAccountId, Text }) =>
          MainAccountId === ACCOUNTS.wip.slice(0, 6) && !Text.startsWith("Report as finished"),
      )
      .map(({ AmountInAccountingCurrency }) => AmountInAccountingCurrency),
  );
}

/** Sums by account, and the sum of all, which is zero. */
export function readBalance(erp: Erp): {
  accounts: Record<string, string>;
  total: string;
  unbalanced: string[];
} {
  const accounts = new Map<string, Exact>();
  const vouchers = new Map<string, Exact>();
  for (const line of erp.store.find(VOUCHER_LINES)) {
    add(accounts, line.MainAccountId, line.AmountInAccountingCurrency);
    add(vouchers, line.VoucherNumber, line.AmountInAccountingCurrency);
  }
  const names = new Map(Object.values(ACCOUNTS).map((name) => [name.slice(0, 6), name]));
  return {
    accounts: Object.fromEntries([...accounts].map(([id, amount]) => [names.get(id) ?? id, plain(amount)])),
    total: plain(sum(accounts.values())),
    unbalanced: [...vouchers].filter(([, amount]) => !amount.isZero()).map(([number]) => number),
  };
}

function add(sums: Map<string, Exact>, name: string, amount: string): void {
  sums.set(name, (sums.get(name) ?? exact(0)).plus(amount));
}
