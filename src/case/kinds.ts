import type { CaseOwner } from "../process/contract.ts";

/** `role`: whoever owns the role of the system concerned. `object`: whoever owns the object's content, else its system's role. */
interface KindOfCase {
  readonly owner: CaseOwner | "role" | "object";
  readonly title: string;
  /** What would make it pass, in plain words. */
  readonly remedy: string;
}

/** What dispatch and intake hand to people. The key is the case's `kind`; `{system}`, `{effect}` and `{object}` are filled in. */
export const CASE_KINDS = {
  EFFECT_REJECTED: {
    owner: "object",
    title: "{system} refused {effect} of {object}",
    remedy:
      "Correct in {system} what it names and retry, send corrected content, or cancel the effect. Later changes of the same object wait.",
  },
  EFFECT_EXHAUSTED: {
    owner: "it",
    title: "{system} could not be reached for {effect}",
    remedy:
      "Nothing of it is in {system}. See that {system} can be reached, then retry, or cancel the effect.",
  },
  EFFECT_UNPROVEN: {
    owner: "role",
    title: "Nobody knows whether {system} has {effect}",
    remedy:
      "Look in {system} for the object and the reference. If it is there, mark the effect as applied; if it is not, retry or cancel.",
  },
  EFFECT_MISMATCH: {
    owner: "role",
    title: "{system} holds something else for {effect}",
    remedy:
      "Compare the object in {system} with the effect. Correct it there and mark the effect as applied, remove it there and retry, or cancel.",
  },
  SYSTEM_REFUSES_US: {
    owner: "it",
    title: "{system} does not let Interlock in",
    remedy:
      "Renew Interlock's credentials or rights in {system}, then resume the system. Nothing is lost meanwhile.",
  },
  MESSAGE_REFUSED: {
    owner: "role",
    title: "{system} tells what makes no sense of {object}",
    remedy:
      "Find out in {system} what is right, have it told again as it should be and discard this message; or correct the mapping and admit it again. Later messages of the same object wait.",
  },
  PLANT_UNREACHABLE: {
    owner: "it",
    title: "{system} cannot be read",
    remedy:
      "See that {system} runs and that the hub reaches it. Nothing is lost: it is read from where it stopped, and alarms about what it did not tell wait.",
  },
  SYSTEM_WENT_BACK: {
    owner: "it",
    title: "{system} seems to have been restored to an earlier state",
    remedy:
      "Find out which state {system} was restored to and what it misses, settle that with its owner, then resume the system.",
  },
} as const satisfies Record<string, KindOfCase>;

export type CaseKind = keyof typeof CASE_KINDS;

/** The role of a system, as interlock.yaml names it, to the team that answers for it unless told otherwise. */
export const OWNER_OF_ROLE: Readonly<Record<string, CaseOwner>> = {
  crm: "customer-service",
  edi: "customer-service",
  erp: "finance",
  mes: "plant-operations",
  wms: "plant-operations",
  plm: "quality",
  qms: "quality",
  analytics: "it",
};

/** The kind of a business object to the team that answers for its content, where that is not whoever runs the system. */
export const OWNER_OF_OBJECT: Readonly<Record<string, CaseOwner>> = {
  quote: "customer-service",
  salesOrder: "customer-service",
  serviceCase: "customer-service",
};
