import { untilAtRest } from "../../demo/rest.ts";
import { type Acceptance, type AcceptanceTerms, type Figure, seldom } from "../acceptance.ts";
import { readBooks } from "./books.ts";
import { Company } from "./company.ts";
import { figuresOf } from "./figures.ts";
import { readLog } from "./log-file.ts";
import { moveIn, release } from "./order-release.ts";
import { type Refusal, type Senseless, settleRefusals, settleRows } from "./people.ts";
import { tellLog } from "./telling.ts";
import { readTruth } from "./truth.ts";
import { Works } from "./works.ts";

/** Far above what a slow, loaded machine needs. */
const REST_WITHIN_MS = 600_000;

/** @returns whether people were asked about something */
async function asked<Question>(now: Promise<readonly Question[]>, all: Question[]): Promise<boolean> {
  const found = await now;
  all.push(...found);
  return found.length > 0;
}

async function play(works: Works, { data, times, report, atRest }: AcceptanceTerms): Promise<Figure[]> {
  const rows = readLog(data);
  const company = new Company(rows);
  const senseless: Senseless[] = [];
  const refusals: Refusal[] = [];
  const wait = (meanwhile: () => Promise<boolean>) =>
    untilAtRest(works, { waits: seldom(report), meanwhile, withinMs: REST_WITHIN_MS * times });

  await works.open(() => moveIn(works, company, times));
  const released = await release(works, company, times);
  report(`the plant has ${released.length} work orders of ${company.items.length} items`);
  const told = await tellLog(works, rows, released);
  report(`the plant has told ${told.reports} reports, ${told.repeated} of them twice`);
  await wait(() => asked(settleRows(works, rows, times), senseless));
  report(`shift leaders settled ${senseless.length} rows that make no sense`);
  await wait(() => asked(settleRefusals(works), refusals));
  report(`planners settled ${refusals.length} refusals of the ERP`);

  const books = await readBooks(works);
  const figures = figuresOf(readTruth(data), { times, company, released, told, senseless, refusals, books });
  await atRest?.({ ...works.hub, folder: works.folder });
  return figures;
}

const acceptance: Acceptance = {
  name: "factory-log",
  purpose:
    "a real factory's log of 45 work orders, told as its plant's own messages; the ERP's books equal the file",
  async run(terms) {
    const works = new Works(terms.signal);
    try {
      return await play(works, terms);
    } catch (error) {
      throw works.failure(error);
    } finally {
      await works.close();
    }
  },
};
export default acceptance;
