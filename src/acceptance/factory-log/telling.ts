/** The plant tells its log: in disorder, every tenth report twice, several at a time. */
import { drawnFrom } from "../../demo/factory/seed.ts";
import { until } from "../../demo/until.ts";
import type { LogRow } from "./log-file.ts";
import type { Released } from "./order-release.ts";
import { type LogReport, reportsOf } from "./report.ts";
import type { Works } from "./works.ts";

const AT_ONCE = 8;
const TAKEN_WITHIN_MS = 120_000;
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
  await push(
    works,
    sent.map(({ report }) => report),
  );
  const kept = await works.list("/v1/inbound", { system: "mes-works", stream: "log" });
  return {
    reports: inTime.length,
    repeated: repeats.length,
    known: sent.length - kept.length,
  };
}

/** As a plant sends: what a busy hub does not take is sent again until it does. */
export async function push(works: Works, reports: readonly LogReport[]): Promise<void> {
  const queue = [...reports].toReversed();
  const send = async (body: LogReport) => {
    const answer = await works.api("/v1/systems/mes-works/inbound/log", { method: "POST", body });
    return answer.status === 503 ? undefined : answer;
  };
  const sendNext = async () => {
    for (let report = queue.pop(); report !== undefined; report = queue.pop()) {
      const next = report;
      const wait = { signal: works.signal, withinMs: TAKEN_WITHIN_MS, everyMs: 500 };
      const { status, body } = await until(`the hub takes ${next.id}`, () => send(next), wait);
      if (status !== 202)
        throw new Error(`the hub answered ${status} to ${next.id}: ${JSON.stringify(body)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
}
