/** How long a proof may go on, and where it begins. */
export interface ProofTerms {
  /** The same seed plays the same again, as far as the machine lets it. */
  readonly seed: number;
  /** `performance.now()` at which it should come to its end. */
  readonly until: number;
  /** This many repetitions, whatever the time; absent: as many as there is time for. */
  readonly runs?: number;
  /** One line for whoever watches. */
  readonly report: (line: string) => void;
}

/** A long form of a test: `<name>.prove.ts`, default export. `npm run prove` finds and runs it. */
export interface Proof {
  readonly name: string;
  /** One sentence: what is tried, and what must hold. */
  readonly purpose: string;
  /** @returns what was counted. @throws when something does not hold; the message says how to see it again */
  readonly run: (terms: ProofTerms) => Promise<Readonly<Record<string, number>>>;
}
