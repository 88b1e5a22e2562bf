import type { CaseOwner } from "../process/contract.ts";
import { ALL_PERMISSIONS, type Permission } from "./permission.ts";

/** What a person is for. Not to be taken for the role of a system (src/authority/role.ts). */
export interface Role {
  readonly title: string;
  readonly may: readonly Permission[];
  /** Of which teams' cases it settles; it may comment on any that it sees. */
  readonly teams: readonly CaseOwner[] | "all";
  /** Names of the events it may tell as its own decision (`decision.tell`). */
  readonly decides: readonly string[] | "all";
  /** An account with this role must name the plants it is for. */
  readonly needsPlants?: true;
}

const LOOK: readonly Permission[] = [
  "order.read",
  "event.read",
  "case.read",
  "effect.read",
  "process.read",
  "contract.read",
  "mapping.read",
  "crosswalk.read",
  "kpi.read",
  "overview.read",
  "system.read",
  "token.own",
];

/** Whoever works on orders. */
const WORK: readonly Permission[] = [...LOOK, "message.read", "case.act", "order.check"];

/**
 * The roles table. What an account may is what any of its roles may; where the account names plants, everything it does is
 * limited to them. docs/access.md shows this table; a test keeps both equal.
 */
export const ROLES = {
  viewer: { title: "Viewer", may: LOOK, teams: [], decides: [] },
  operator: {
    title: "Operator (IT)",
    may: [
      ...WORK,
      "message.act",
      "decision.tell",
      "effect.act",
      "mapping.try",
      "crosswalk.write",
      "system.act",
      "recovery.act",
      "audit.read",
      "metrics.read",
    ],
    teams: "all",
    decides: "all",
  },
  "plant-operations": {
    title: "Plant operations",
    may: [...WORK, "effect.act", "message.act"],
    teams: ["plant-operations"],
    decides: [],
    needsPlants: true,
  },
  "customer-service": {
    title: "Customer service",
    may: [...WORK, "decision.tell"],
    teams: ["customer-service"],
    decides: ["OrderRecheckRequested"],
  },
  finance: {
    title: "Finance",
    may: [...WORK, "decision.tell"],
    teams: ["finance"],
    decides: ["OrderRecheckRequested", "GateOverridden"],
  },
  quality: {
    title: "Quality",
    may: [...WORK, "decision.tell"],
    teams: ["quality"],
    decides: ["EngineeringChangeDecided", "GateOverridden"],
  },
  auditor: {
    title: "Auditor",
    may: [...LOOK, "message.read", "audit.read"],
    teams: [],
    decides: [],
  },
  admin: {
    title: "Administrator",
    // Only a system tells events: an administrator makes it a service account.
    may: ALL_PERMISSIONS.filter((permission) => permission !== "event.write"),
    teams: "all",
    decides: "all",
  },
} as const satisfies Record<string, Role>;

export type RoleName = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as readonly RoleName[];

export function isRoleName(word: string): word is RoleName {
  return Object.hasOwn(ROLES, word);
}

export function roleOf(name: RoleName): Role {
  return ROLES[name];
}

/** What a service account may: push the events of its own system, and nothing else. */
export const SERVICE_MAY: readonly Permission[] = ["event.write"];
