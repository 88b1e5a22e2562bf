/** The plant tells its log: in disorder, every tenth report twice, several at a time. */
import { drawnFrom } from "../../demo/factory/seed.ts";
import type { LogRow } from "./log-file.ts";
import type { Released } from "./order-release.ts";
import { type LogReport, reportsOf } from "./report.ts";
import type { Works } from "./works.ts";

const AT_ONCE = 8;
/** A report may be overtaken by so many others. */
const DISORDER = 25;

export interface Told {
  readonly reports: number;
  /** How many of them the plant repeated by itself. */
  readonly repeated: number;
  /** How many the hub knew already. */
  readonly known: number;
}

export async function tellLog(
  works: Works,
  rows: readonly LogRow[],
  released: readonly Released[],
): Promise<Told> {
  const draw = drawnFrom(2012);
  const inTime = released
    .flatMap(({ name, number, round }) =>
      rows
        .filter(({ workOrder }) => workOrder === name)
        .flatMap((row) =>
          reportsOf(row, number, round).map((report) => ({
            report,
            at: report.report === "started" ? row.start : row.complete,
          })),
        ),
    )
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ report }, place) => ({ report, place }));
  const repeats = inTime.filter((_, n) => n % 10 === 9);
  const sent = [
    ...inTime.map(({ report, place }) => ({ report, place: place + draw(0, DISORDER) })),
    ...repeats.map(({ report, place }) => ({ report, place: place + draw(DISORDER, 4 * DISORDER) })),
  ].toSorted((a, b) => a.place - b.place);
  const answers = await push(
    works,
    sent.map(({ report }) => report),
  );
  return {
    reports: inTime.length,
    repeated: repeats.length,
    known: answers.filter((status) => status === "duplicate").length,
  };
}

/** @returns what the hub answered to each: kept, or duplicate */
export async function push(works: Works, reports: readonly LogReport[]): Promise<string[]> {
  const answers: string[] = [];
  const queue = [...reports].toReversed();
  const sendNext = async () => {
    for (let report = queue.pop(); report !== undefined; report = queue.pop()) {
      const { status, body } = await works.api("/v1/systems/mes-works/inbound/log", {
        method: "POST",
        body: report,
      });
      if (status !== 202)
        throw new Error(`the hub answered ${status} to ${report.id}: ${JSON.stringify(body)}`);
      answers.push(body.status as string);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
  return answers;
}
