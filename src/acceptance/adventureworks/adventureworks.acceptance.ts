import type { Acceptance } from "../acceptance.ts";
import { compare } from "./compare.ts";
import { Company } from "./company.ts";
import { planOpening, planRound } from "./plan.ts";
import { play } from "./play.ts";
import { Works } from "./works.ts";
import { readTables } from "./tables.ts";

/** How many of the tables' work orders are played, and as a part. */
const ALL = 2_000;
const PART = 100;

const acceptance: Acceptance = {
  name: "adventureworks",
  purpose:
    "2,000 production orders and 236 sales orders of a bicycle maker through CRM, ERP and two plants; the ERP's book equals the tables",
  async run({ data, times, part, report, signal, atRest }) {
    const most = part ? PART : ALL;
    const tables = readTables(data);
    const company = new Company(tables);
    const rounds = Array.from({ length: times }, (_, n) => planRound(tables, company, n + 1, most));
    const opening = planOpening(tables, company, rounds[0]!);
    for (const [product, quantity] of opening.topUps)
      report(`topped up ${quantity} of ${company.itemOf(product)}: the inventory file has too little`);
    const works = new Works(signal);
    try {
      const played = await play(works, { tables, company, rounds, opening }, report);
      const figures = await compare(works, { tables, rounds, played, most }, report);
      await atRest?.({ ...works.hub, folder: works.folder });
      return figures;
    } catch (error) {
      throw works.failure(error);
    } finally {
      await works.close();
    }
  },
};
export default acceptance;
