import { existsSync } from "node:fs";
import { join } from "node:path";

/** What was compared: a figure computed from the data alone, and what the systems' own books say. */
export interface Figure {
  readonly what: string;
  readonly expected: string | number;
  readonly seen: string | number;
}

/** The hub when everything has come to rest, still running. */
export interface HubAtRest {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** The project's folder; the embedded database lies in it. */
  readonly folder: string;
}

export interface AcceptanceTerms {
  /** The folder of the data that nobody here made up. */
  readonly data: string;
  /** So many rounds of the data in one ledger, each with ids of its own. */
  readonly times: number;
  /** A part is enough where the whole takes long: for a quick look. */
  readonly part: boolean;
  /** One line for whoever watches. */
  readonly report: (line: string) => void;
  /** Aborted when it is to end early. */
  readonly signal: AbortSignal;
  /** For who measures: awaited once everything is at rest and compared, before the hub is ended. */
  readonly atRest?: (hub: HubAtRest) => Promise<void>;
}

/** The whole on real input: `src/acceptance/<name>/<name>.acceptance.ts`, default export. `npm run acceptance` finds and runs it. */
export interface Acceptance {
  readonly name: string;
  /** One sentence: what is played, and what must hold. */
  readonly purpose: string;
  /** @returns what was compared, equal or not. @throws when it could not come to its end */
  readonly run: (terms: AcceptanceTerms) => Promise<readonly Figure[]>;
}

/** Environment variable that names the data's folder. */
const DATA_FOLDER = "INTERLOCK_DATA";

/** The data lies beside the checkout, or where the environment says. */
export function findData(
  home: string,
  env: NodeJS.ProcessEnv,
): { readonly folder: string } | { readonly missing: string } {
  const folder = env[DATA_FOLDER] ?? join(home, "../shared/data");
  if (existsSync(folder)) return { folder };
  return {
    missing: env[DATA_FOLDER]
      ? `${DATA_FOLDER} names ${folder}, which does not exist`
      : `no data in ${folder}; name its folder in ${DATA_FOLDER}`,
  };
}

const SAID_EVERY_MS = 5_000;

/** @returns what says a line every so often at most, and nothing of what comes in between */
export function seldom(report: (line: string) => void): (line: string) => void {
  let saidAt = performance.now();
  return (line) => {
    if (performance.now() < saidAt + SAID_EVERY_MS) return;
    saidAt = performance.now();
    report(line);
  };
}

/** Figures are compared as they are read: 12 is "12". */
export function isEqual({ expected, seen }: Figure): boolean {
  return String(expected) === String(seen);
}

/** What is longer is shown below its figure. */
const COLUMN = 12;

/** A line for each figure, equal ones and others. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = [
    { what: "compared", expected: "expected", seen: "seen", verdict: "" },
    ...figures.map((figure) => ({
      what: figure.what,
      expected: String(figure.expected),
      seen: String(figure.seen),
      verdict: isEqual(figure) ? "" : "DIFFERS",
    })),
  ];
  const width = Math.max(...rows.map(({ what }) => what.length));
  const column = (value: string) => value.padStart(COLUMN);
  return rows
    .flatMap(({ what, expected, seen, verdict }) => {
      const line = (left: string, right: string) =>
        `${verdict.padEnd(7)}  ${what.padEnd(width)}  ${column(left)}  ${column(right)}`.trimEnd();
      if (Math.max(expected.length, seen.length) <= COLUMN) return line(expected, seen);
      return expected === seen
        ? [line("below", "equal"), `${" ".repeat(11)}${seen}`]
        : [
            line("below", "below"),
            `${" ".repeat(11)}expected ${expected}`,
            `${" ".repeat(11)}seen     ${seen}`,
          ];
    })
    .join("\n");
}
