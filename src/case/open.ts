import type { Evidence } from "../connector/contract.ts";
import { cut } from "../effect/evidence.ts";
import type { CaseOwner } from "../process/contract.ts";
import { CASE_KINDS, OWNER_OF_OBJECT, OWNER_OF_ROLE, type CaseKind } from "./kinds.ts";

/** A row of `open_cases(json)` (sql/0003_decide.sql). */
export interface CaseRow {
  readonly fingerprint: string;
  readonly kind: string;
  readonly owner: CaseOwner;
  readonly plant: string | null;
  readonly system: string | null;
  readonly subject: string;
  readonly correlation: string | null;
  readonly title: string;
  /** JSON of `CaseDetail`. */
  readonly detail: string;
  readonly sla_at: string | null;
  readonly member_kind: MemberKind;
  readonly member_ref: string;
}

export type MemberKind = "effect" | "inbound" | "event" | "instance" | "system";

export interface CaseDetail {
  readonly happened: string;
  readonly evidence?: Evidence;
  /** What would make it pass, in plain words. */
  readonly remedy: string;
}

export interface CaseOpening {
  /** A stable code: one of `CASE_KINDS`, or another concept's. */
  readonly kind: string;
  readonly owner: CaseOwner;
  /** The business object in question, `kind/id`. */
  readonly subject: string;
  readonly title: string;
  readonly detail: CaseDetail;
  /** What makes two troubles the same one, beside the kind: they share a case while it is open. */
  readonly sameAs: readonly string[];
  readonly member: { readonly kind: MemberKind; readonly ref: string };
  readonly plant?: string | null | undefined;
  readonly system?: string | undefined;
  readonly correlation?: string | undefined;
}

/** Who answers, and how fast; from interlock.yaml. */
export interface CaseRules {
  /** Teams that own a kind of case or a role, where they differ from the defaults. */
  readonly owners?: Readonly<Record<string, CaseOwner>>;
  readonly roleOf: (system: string) => string | undefined;
  /** By when a case that is opened `from` should be settled; undefined where no clock runs. UTC with microseconds. */
  readonly caseDueAt: (owner: CaseOwner, plant: string | undefined, from: string) => string | undefined;
}

const TITLE_LENGTH = 200;
const TEXT_LENGTH = 2_000;

/** @param now RFC 3339, UTC with microseconds */
export function caseRow(opening: CaseOpening, rules: CaseRules, now: string): CaseRow {
  const { kind, owner, subject, title, detail, sameAs, member } = opening;
  return {
    fingerprint: [kind, ...sameAs].map(encodeURIComponent).join("/").slice(0, 500),
    kind,
    owner,
    plant: opening.plant ?? null,
    system: opening.system ?? null,
    subject,
    correlation: opening.correlation ?? null,
    title: cut(title, TITLE_LENGTH),
    detail: JSON.stringify({
      ...detail,
      happened: cut(detail.happened, TEXT_LENGTH),
      remedy: cut(detail.remedy, TEXT_LENGTH),
    }),
    sla_at: rules.caseDueAt(owner, opening.plant ?? undefined, now) ?? null,
    member_kind: member.kind,
    member_ref: member.ref,
  };
}

/**
 * The team for a kind of case about a system: what interlock.yaml says of the kind or the role, else the defaults.
 * @param object `kind/id`, of the business object whose content is in question
 */
export function ownerOf(kind: string, system: string | undefined, rules: CaseRules, object = ""): CaseOwner {
  const role = system === undefined ? undefined : rules.roleOf(system);
  const byDefault: CaseOwner | "role" | "object" = Object.hasOwn(CASE_KINDS, kind)
    ? CASE_KINDS[kind as CaseKind].owner
    : "it";
  const ofKind = rules.owners?.[kind];
  if (ofKind !== undefined) return ofKind;
  if (byDefault !== "role" && byDefault !== "object") return byDefault;
  const objectKind = object.slice(0, Math.max(0, object.indexOf("/")));
  if (byDefault === "object" && Object.hasOwn(OWNER_OF_OBJECT, objectKind))
    return OWNER_OF_OBJECT[objectKind]!;
  return (role !== undefined && (rules.owners?.[role] ?? OWNER_OF_ROLE[role])) || "it";
}

/** A case of `CASE_KINDS` about a system, in that table's words. */
export function systemCase(
  kind: CaseKind,
  about: {
    readonly system: string;
    readonly effect?: string;
    /** The target's object that the effect is about; the subject unless told. */
    readonly object?: string;
    readonly subject: string;
    readonly happened: string;
    readonly evidence?: Evidence | undefined;
    readonly sameAs: readonly string[];
    readonly member: CaseOpening["member"];
    readonly correlation?: string | undefined;
    readonly plant?: string | null | undefined;
  },
  rules: CaseRules,
  now: string,
): CaseRow {
  const { system, effect = "", object = about.subject, happened, evidence, ...rest } = about;
  const words = { system, effect, object };
  const fill = (text: string) =>
    text.replaceAll(/\{(system|effect|object)\}/g, (_, word: keyof typeof words) => words[word]);
  return caseRow(
    {
      ...rest,
      kind,
      system,
      owner: ownerOf(kind, system, rules, object),
      title: fill(CASE_KINDS[kind].title),
      detail: { happened, ...(evidence && { evidence }), remedy: fill(CASE_KINDS[kind].remedy) },
    },
    rules,
    now,
  );
}
