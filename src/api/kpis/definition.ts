/*
 * What each figure means. What counts into it is in sql/0010_kpi.sql, kpi_points: a figure over many is the sum of the numerators
 * through the sum of the denominators, of which here the words are.
 */

export interface Kpi {
  readonly name: string;
  readonly title: string;
  /** seconds: a mean. share: from 0 to 1. count: how many there are; only the numerators are added. */
  readonly unit: "seconds" | "share" | "count";
  readonly better: "lower" | "higher";
  readonly words: string;
  readonly formula: string;
  /** The name it bears in ISO 22400-2, where it has one. */
  readonly standard: string | null;
  /** What it can be told apart by, in words. */
  readonly part: string | null;
  /** The part that stands for the whole, where the parts do not add up to it. */
  readonly whole: string | null;
  /** Which moment puts something into a period. */
  readonly counted: string;
  /** Counted by days that were promised, not by moments: no plant's time zone moves it. */
  readonly byDate: boolean;
  /** The read models it is made of. */
  readonly views: readonly string[];
}

const NONE = { standard: null, part: null, whole: null, byDate: false } as const;

export const KPIS: readonly Kpi[] = [
  {
    ...NONE,
    name: "order-release-delay",
    title: "Order release delay",
    unit: "seconds",
    better: "lower",
    words:
      "How long a production order that the ERP has released waits until its work order goes to the plant: the time its gates cost. Where the clocks disagree by more than an hour, nothing is counted.",
    formula: "mean of (work order released to the plant − production order released by the ERP)",
    counted: "when the work order went to the plant",
    views: ["production"],
  },
  {
    ...NONE,
    name: "unposted-confirmations",
    title: "Unposted confirmations",
    unit: "count",
    better: "lower",
    words:
      "Reports of a plant that the ERP does not have. A report is posted when the ERP's own confirmation names it, or when the effect that posts it was applied; accepted is not posted. Corrections are not counted.",
    formula: "number of reports without a posting; beside it the number of all reports",
    part: "operation",
    counted: "when the plant reported it",
    views: ["report"],
  },
  {
    ...NONE,
    name: "order-cycle-time",
    title: "Order cycle time",
    unit: "seconds",
    better: "lower",
    words:
      "From the accepted quote, or the order as it was asked for, to the shipment that completed the last line; told apart by stage. Of several production orders the first release and start and the last completion count. A stage between clocks that disagree by more than an hour is left out.",
    formula: "mean of (completely shipped − wanted); by stage the time from each to the next",
    part: "stage",
    whole: "total",
    counted: "when the order had left completely",
    views: ["sales", "production"],
  },
  {
    ...NONE,
    name: "first-pass-yield",
    title: "First-pass yield",
    unit: "share",
    better: "higher",
    words:
      "Good pieces that were never reworked, of all that were processed, as reported by operation. A piece that comes back from rework as good counts once in what was processed, and not as good at first.",
    formula: "(good − good after rework) ÷ (good + scrap + rework)",
    standard: "First pass yield (FPY)",
    part: "operation",
    counted: "when the plant reported it",
    views: ["report"],
  },
  {
    ...NONE,
    name: "scrap-ratio",
    title: "Scrap ratio",
    unit: "share",
    better: "lower",
    words: "Scrapped quantity of the produced quantity, as reported by operation.",
    formula: "scrap ÷ (good + scrap + rework)",
    standard: "Scrap ratio (SQ ÷ PQ)",
    part: "operation",
    counted: "when the plant reported it",
    views: ["report"],
  },
  {
    ...NONE,
    name: "on-time-shipment",
    title: "On-time shipment",
    unit: "share",
    better: "higher",
    words:
      "Order lines that had left in full on the day the customer was told first, of all lines that were due. A later promise does not make a late line punctual.",
    formula: "lines complete on the first confirmed date ÷ lines due",
    part: "line",
    counted: "on the day that was promised first",
    byDate: true,
    views: ["sales"],
  },
  {
    ...NONE,
    name: "on-time-to-latest-promise",
    title: "On time to the latest promise",
    unit: "share",
    better: "higher",
    words:
      "The same measured against the last date the ERP promised. The gap to on-time shipment is what promises were moved by.",
    formula: "lines complete on the last confirmed date ÷ lines due",
    part: "line",
    counted: "on the day that was promised last",
    byDate: true,
    views: ["sales"],
  },
  {
    ...NONE,
    name: "schedule-adherence",
    title: "Schedule adherence",
    unit: "share",
    better: "higher",
    words:
      "Production orders that the plant finished no later than one day after the end that was planned when they were released, of those due. Later plans do not move that end; cancelled orders are left out.",
    formula: "orders finished by (planned end at release + 1 day) ÷ orders due",
    counted: "when the order was due",
    views: ["production"],
  },
  {
    ...NONE,
    name: "communication-lag",
    title: "Communication lag",
    unit: "seconds",
    better: "lower",
    words:
      "From what happened in a plant until it was in the ledger and everybody could know of it, over the plant's reports. A clock that is ahead shortens it; by more than an hour, and nothing is counted.",
    formula: "mean of (recorded − reported)",
    counted: "when it happened",
    views: ["report"],
  },
];
