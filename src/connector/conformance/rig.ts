import type { FaultKind } from "./fault.ts";
import type { Peer } from "./peer.ts";

/**
 * What the conformance suite must know of a product to try its connector: the `rig` that
 * `connectors/<product>/conformance.ts` exports. Everything else the suite finds out by itself.
 */
export interface Rig {
  /** The folder below simulators/ that plays the product: `main.ts --port 0 --data <dir>`, with the admin interface of simulators/reference/README.md. */
  readonly simulator: string;
  /** Further arguments of its `main.ts`. */
  readonly simulatorOptions?: readonly string[];
  /** Where the product is spoken in several dialects: which one this rig tries. Export `rigs`, an array, then. */
  readonly dialect?: string;
  /** Folder of mappings in place of those the connector ships, as `mappings/<system>/` of a project. */
  readonly mappings?: string;
  /** Crosswalk file for the mappings; absent: `mappings/crosswalk.csv` of the connector. */
  readonly crosswalk?: string;
  /** The system whose rows of it are meant, beside those for `*`. */
  readonly system?: string;
  /** IANA zone of the system's plant; absent: UTC. */
  readonly timeZone?: string;
  /** The system's config, for a simulator at this url. */
  readonly config: (url: string) => Readonly<Record<string, unknown>>;
  /** The same with credentials that are wrong. */
  readonly refusedConfig: (url: string) => Readonly<Record<string, unknown>>;
  /** Every effect the connector declares. */
  readonly effects: Readonly<Record<string, EffectRig>>;
  /** What makes the streams carry something: effects by name, applied in order, */
  readonly news: readonly string[];
  /** and what people at the product's own screens do. Together they bring every event the streams declare. */
  readonly newsByHand?: (peer: Peer) => Promise<void>;
  /**
   * Why the streams read a part again each time: a product whose changes carry no number without holes shows a gap to
   * nobody, so what commits late is found by reading again. Such a stream may bring a message twice, and late.
   */
  readonly rereads?: string;
  /** Lets the target do now what it has queued: a target that answers "accepted" needs it. */
  readonly work?: (peer: Peer) => Promise<void>;
  readonly waivers: readonly Waiver[];
}

export interface EffectRig {
  /** A payload the product takes. `n` is new in each test: use it in the object's id. */
  readonly payload: (n: number) => unknown;
  /** Other content, which a probe must tell apart; on the same object where that can be. */
  readonly otherwise: (n: number) => unknown;
  /** A payload the product refuses by its content. */
  readonly refused: (n: number) => unknown;
  /** What people must have made at the product's own screens before, for this `n`. */
  readonly byHand?: (peer: Peer, n: number) => Promise<void>;
  /** An effect that must have been applied before, with its payload for the same `n`. */
  readonly after?: string;
  /** The faults that leave a part of it behind, where the product can. */
  readonly partly?: readonly FaultKind[];
  /** The simulator's operations that are this effect's write: faults strike them and no look on the way. */
  readonly operations: readonly string[];
}

/** A trial that makes no sense for this product. Few, and each with a reason that a reader can check. */
export interface Waiver {
  readonly effect: string;
  readonly fault: FaultKind;
  readonly reason: string;
}

export function defineRig(rig: Rig): Rig {
  return rig;
}
