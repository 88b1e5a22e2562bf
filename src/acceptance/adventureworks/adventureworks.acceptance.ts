import type { Acceptance } from "../acceptance.ts";
import { compare } from "./compare.ts";
import { Company } from "./company.ts";
import { planOpening, planRound } from "./plan.ts";
import { play } from "./play.ts";
import { Stage } from "./stage.ts";
import { readTables } from "./tables.ts";

/** For who wants a look at some of it: how many of the tables' work orders are played. */
const MOST = Number(process.env["INTERLOCK_ADVENTUREWORKS_ORDERS"] ?? "2000");

const acceptance: Acceptance = {
  name: "adventureworks",
  purpose:
    "2,000 production orders and 236 sales orders of a bicycle maker through CRM, ERP and two plants; the ERP's book equals the tables",
  async run({ data, times, report, signal, atRest }) {
    const tables = readTables(data);
    const company = new Company(tables);
    const rounds = Array.from({ length: times }, (_, n) => planRound(tables, company, n + 1, MOST));
    const opening = planOpening(tables, company, rounds[0]!);
    for (const [product, quantity] of opening.topUps)
      report(`topped up ${quantity} of ${company.itemOf(product)}: the inventory file has too little`);
    const stage = new Stage(signal);
    try {
      const played = await play(stage, { tables, company, rounds, opening }, report);
      const figures = await compare(stage, { tables, rounds, played, most: MOST }, report);
      await atRest?.({ ...stage.hub, folder: stage.folder });
      return figures;
    } finally {
      await stage.close();
    }
  },
};
export default acceptance;
