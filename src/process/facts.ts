/**
 * What is known of facts, kept between batches. It may be stale, and that is safe: `decide_batch` compares the position of
 * every value used with the table, under a lock, and refuses the whole batch when one has changed since.
 */
export interface KnownFact {
  readonly value: unknown;
  /** Position of the event that set it; 0: nothing is known. */
  readonly seq: number;
}

/** Where a decision looks facts up; undefined: they have to be read first. */
export interface KnownFacts {
  get(kind: string, key: string): KnownFact | undefined;
}

const KEPT = 20_000;

export class FactCache implements KnownFacts {
  readonly #known = new Map<string, KnownFact>();

  get(kind: string, key: string): KnownFact | undefined {
    return this.#known.get(`${kind}/${key}`);
  }

  set(kind: string, key: string, fact: KnownFact): void {
    // the oldest go first; which ones does not matter for being right
    if (this.#known.size >= KEPT) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(`${kind}/${key}`, fact);
  }

  forget(facts: Iterable<{ readonly kind: string; readonly key: string }>): void {
    for (const { kind, key } of facts) this.#known.delete(`${kind}/${key}`);
  }
}

/** Thrown out of a decision whose facts have to be read first. */
export class FactsMissing extends Error {
  readonly facts: readonly { readonly kind: string; readonly key: string }[];

  constructor(facts: readonly { readonly kind: string; readonly key: string }[]) {
    super("facts are not known yet");
    this.facts = facts;
  }
}
