/** Who settles what cannot settle itself: a shift leader of the plant, and a planner at the ERP. Each reads the case first. */
import { counterOf, type LogReport } from "./report.ts";
import type { LogRow } from "./log-file.ts";
import { push } from "./telling.ts";
import type { Works } from "./works.ts";

/** A row that made no sense, and what the case said of it. */
export interface Senseless {
  readonly line: number;
  readonly why: string;
}

interface Message {
  readonly id: number;
  readonly problem: { readonly code: string; readonly message: string };
}

/** @returns the rows of the log that wait for a person now, each with the reason it was given */
export async function settleRows(
  works: Works,
  rows: readonly LogRow[],
  times: number,
): Promise<readonly Senseless[]> {
  const waiting = await works.list<Message>("/v1/inbound", { state: "quarantined" });
  if (waiting.length === 0) return [];
  // Of copies the first counts.
  const lines = new Map(
    Array.from({ length: times }, (_, n) => n + 1).flatMap((round) =>
      rows.toReversed().map((row) => [counterOf(row, round), row.line] as const),
    ),
  );
  const settled: Senseless[] = [];
  for (const { id, problem } of waiting) {
    const { body } = await works.api(`/v1/inbound/${id}`);
    const report = JSON.parse(Buffer.from(body.raw as string, "base64").toString("utf8")) as LogReport;
    await act(works, `/v1/inbound/${id}/readmit`, {
      action: "discard",
      actor: "noa.levi",
      reason: "nobody can say how long it took; the pieces are right, and told again without a time",
    });
    await push(works, [{ ...report, id: `${report.id}/again`, span: "000:00" }]);
    settled.push({ line: lines.get(report.counter)!, why: problem.message });
  }
  return settled;
}

interface Refused {
  readonly effects: readonly {
    readonly reference: string;
    readonly state: string;
    readonly attempt: number;
    readonly payload: { readonly productionOrder: string };
    /** Null: it can be done now. */
    readonly actions: { readonly retry: string | null };
  }[];
}

/** What the ERP said of an order, before a planner let it. */
export interface Refusal {
  readonly order: string;
  readonly why: string;
}

/** The ERP takes no more than was ordered and its tolerance, at any operation. The planner looks at each order, and lets it. */
export async function settleRefusals(works: Works): Promise<readonly Refusal[]> {
  const cases = await works.list<{ id: number }>("/v1/cases", { state: "open", kind: "EFFECT_REJECTED" });
  if (cases.length === 0) return [];
  const { productionOrders } = (await works.ask("erp", "production-orders")) as {
    productionOrders: { ProductionOrderNumber: string; ItemNumber: string }[];
  };
  const settled: Refusal[] = [];
  for (const { id } of cases) {
    const whole = (await works.api(`/v1/cases/${id}`)).body as Refused;
    const effects = whole.effects.filter(({ actions }) => actions.retry === null);
    if (effects.length === 0) continue;
    const said: Refusal[] = [];
    for (const { reference, payload } of effects) {
      const { why } = (await works.api(`/v1/effects/${reference}`)).body as { why: string };
      said.push({ order: payload.productionOrder, why });
    }
    await works.ask("erp", "clerk", {
      body: said.map(({ order }) => ({
        action: "set-overdelivery",
        who: "dan.peretz",
        ItemNumber: productionOrders.find((each) => each.ProductionOrderNumber === order)!.ItemNumber,
        ILKOverdeliveryPercentage: "900",
      })),
    });
    await act(works, `/v1/cases/${id}/actions`, {
      action: "retry",
      actor: "dan.peretz",
      reason: "the plant did the operation more than once: the ERP may take it",
      effects: effects.map(({ reference, state, attempt }) => ({ reference, state, attempt })),
    });
    settled.push(...said);
  }
  return settled;
}

async function act(works: Works, path: string, body: object): Promise<void> {
  const answer = await works.api(path, { method: "POST", body });
  if (answer.status !== 200)
    throw new Error(`POST ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}
