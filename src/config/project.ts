import type { AccessConfig } from "../access/config.ts";
import type { Authority } from "../authority/authority.ts";
import type { Role } from "../authority/role.ts";
import type { Connectors } from "../connector/load.ts";
import type { ContractRegistry } from "../contract/registry.ts";
import type { Crosswalk } from "../crosswalk/crosswalk.ts";
import type { ServiceLevel } from "../level/level.ts";
import type { ShiftCalendar } from "../process/calendar.ts";
import type { CaseOwner } from "../process/contract.ts";
import type { StreamConfig } from "./schema.ts";

export interface Plant {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  /** Absent: every hour counts. */
  readonly calendar?: ShiftCalendar;
}

/** How a system is treated when effects are sent to it and streams are read; what is left out has its default. */
export interface Pace {
  readonly concurrency?: number;
  readonly requestsPerSecond?: number;
  readonly deadlineMs?: number;
  readonly timeoutMs?: number;
  /** In place of what the connector says of each effect. */
  readonly settleMs?: number;
  readonly pollMs?: number;
  /** How long a plant's streams may fail before it counts as cut off. */
  readonly unreachableAfterMs?: number;
}

export interface System {
  readonly id: string;
  readonly role: Role;
  /** Product of its connector; absent: it pushes events and receives nothing. */
  readonly connector?: string;
  readonly plant?: string;
  readonly pace: Pace;
  /** For the connector, secrets filled in: never log it. */
  readonly config: unknown;
  /** Native JSON streams it pushes, beside those its connector declares. */
  readonly streams: Readonly<Record<string, StreamConfig>>;
}

export interface Owner {
  readonly name: string;
  readonly email?: string;
  /** How soon its cases should be settled; absent: no clock runs. */
  readonly settleWithinMs?: number;
}

/** What translates for one system: shipped with its connector, or the project's own in its place. */
export interface MappingFile {
  /** The mapping's name: `mappings/<system>/<name>.jsonata`, or `connectors/<product>/mappings/<name>.jsonata`. */
  readonly file: string;
  readonly path: string;
  readonly source: string;
  readonly system: string;
  /** Of the stream it reads, or of the effect it puts into the system's words. */
  readonly name: string;
  readonly direction: "in" | "out";
  /** Shipped with the connector: the same file may serve several systems. */
  readonly shipped: boolean;
}

/** A user's integration, read from its folder and found right. */
export interface Project {
  readonly folder: string;
  readonly name: string;
  /** Of interlock.yaml: a hub with an older one stands back. */
  readonly revision: number;
  /** How long a hub may be silent before another takes over what it works on. */
  readonly takeOverAfterMs?: number;
  /** SHA-256 over everything read, 16 digits: shows whether two hubs run the same. */
  readonly fingerprint: string;
  readonly plants: ReadonlyMap<string, Plant>;
  readonly systems: ReadonlyMap<string, System>;
  readonly owners: ReadonlyMap<CaseOwner, Owner>;
  readonly serviceLevels: readonly ServiceLevel[];
  readonly authority: Authority;
  readonly access: AccessConfig;
  /** Names of the processes that run; absent: all that are found. */
  readonly processes?: readonly string[];
  /** Events that no process reads on purpose, each with the reason. */
  readonly recordOnly: Readonly<Record<string, string>>;
  readonly contracts: ContractRegistry;
  readonly connectors: Connectors;
  readonly crosswalk: Crosswalk;
  readonly mappings: readonly MappingFile[];
}

export class ProjectError extends Error {
  override readonly name = "ProjectError";
  readonly code = "PROJECT_INVALID";
  /** One sentence each, beginning with file and place. Never a secret. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `the project has ${problems.length} problem${problems.length === 1 ? "" : "s"}:\n${problems.join("\n")}`,
    );
    this.problems = problems;
  }
}
