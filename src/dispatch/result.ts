import { systemCase, type CaseRow, type CaseRules } from "../case/open.ts";
import type { Answer, Evidence, ProbeAnswer } from "../connector/contract.ts";
import { effectEvent } from "../effect/effect-event.ts";
import { boundedEvidence, cut } from "../effect/evidence.ts";
import { toUtc } from "../event/time.ts";
import { appendRow, engineEvent, type AppendRow } from "../ledger/row.ts";
import type { Claim } from "./claim.ts";
import type { ParkedFor, Settlement } from "./policy.ts";
import type { ResultRow } from "./queries.ts";

const TEXT_LENGTH = 1_000;
const STATUS_LENGTH = 80;
const LONGEST_WAIT_MS = 24 * 3_600_000;

const KIND_OF = {
  rejected: "EFFECT_REJECTED",
  exhausted: "EFFECT_EXHAUSTED",
  unproven: "EFFECT_UNPROVEN",
  mismatch: "EFFECT_MISMATCH",
} as const satisfies Record<ParkedFor, string>;

/** What one call came to: its row, what is told of it, and what the whole system should do about it. */
export interface Result {
  readonly claim: Claim;
  readonly row: ResultRow;
  readonly event: AppendRow | null;
  readonly pause?: { readonly why: string; readonly event: AppendRow };
}

/** @param answer undefined: it was settled without a call */
export function resultOf(
  claim: Claim,
  settlement: Settlement,
  call: { readonly answer?: Answer | ProbeAnswer; readonly beganAt: number; readonly endedAt: number },
  rules: CaseRules,
): Result {
  const { effect, attempt, situation } = claim;
  const evidence = settlement.evidence && boundedEvidence(settlement.evidence);
  const time = toUtc(new Date(call.endedAt).toISOString())!;
  const why = settlement.why === undefined ? null : cut(settlement.why, TEXT_LENGTH);
  const status = call.answer?.status;
  return {
    claim,
    row: {
      ord: 0,
      lane: effect.lane,
      reference: effect.reference,
      attempt,
      kind: situation.doing,
      began_at: new Date(call.beganAt).toISOString(),
      ended_at: time,
      class: call.answer?.class ?? null,
      status: status === undefined ? null : cut(status, STATUS_LENGTH),
      detail: why,
      next: settlement.next,
      wake_ms: Math.round(Math.min(settlement.wakeMs, LONGEST_WAIT_MS)),
      why,
      parked_for: settlement.parkedFor ?? null,
      missing: settlement.missing === undefined ? null : JSON.stringify(settlement.missing),
      sends: settlement.sends,
      probes: settlement.probes,
      tries: settlement.tries,
      early: settlement.early ?? false,
      outcome: settlement.outcome ?? null,
      evidence: settlement.outcome && evidence ? JSON.stringify(evidence) : null,
      tells: settlement.tell !== undefined,
      case: caseOf(claim, settlement, evidence, rules, time),
    },
    event: settlement.tell ? told(claim, settlement, settlement.tell, evidence, time) : null,
    ...(settlement.pause !== undefined && { pause: pauseOf(claim, settlement.pause, time) }),
  };
}

function told(
  { effect, attempt }: Claim,
  settlement: Settlement,
  name: NonNullable<Settlement["tell"]>,
  evidence: Evidence | undefined,
  time: string,
): AppendRow {
  const refused = name === "EffectRejected";
  return appendRow(
    effectEvent(name, effect, {
      time,
      evidence,
      // The same effect can be refused again after a person had it retried.
      ...(refused && { nth: attempt, reasons: [settlement.reason ?? { message: settlement.why ?? "" }] }),
    }),
    0,
  );
}

function caseOf(
  { effect }: Claim,
  settlement: Settlement,
  evidence: Evidence | undefined,
  rules: CaseRules,
  time: string,
): CaseRow | null {
  const { reference, system, type, correlation, plant } = effect;
  const happened = settlement.why ?? "";
  const about = { system, effect: type, object: effect.lane, correlation, plant, happened, evidence };
  if (settlement.pause !== undefined) {
    return systemCase(
      "SYSTEM_REFUSES_US",
      { ...about, subject: `system/${system}`, sameAs: [system], member: { kind: "system", ref: system } },
      rules,
      time,
    );
  }
  if (settlement.parkedFor === undefined) return null;
  const sameAs: Record<ParkedFor, readonly string[]> = {
    // A hundred orders refused for one blocked item are one trouble; refusals without a code are not known to be.
    rejected: [system, type, settlement.reason?.code ?? reference],
    exhausted: [system],
    unproven: [system, type],
    mismatch: [reference],
  };
  return systemCase(
    KIND_OF[settlement.parkedFor],
    {
      ...about,
      subject: correlation,
      sameAs: sameAs[settlement.parkedFor],
      member: { kind: "effect", ref: reference },
    },
    rules,
    time,
  );
}

function pauseOf({ effect, attempt }: Claim, why: string, time: string): NonNullable<Result["pause"]> {
  const { system, reference } = effect;
  const said = cut(why, TEXT_LENGTH);
  return {
    why: said,
    event: appendRow(
      engineEvent({
        name: "SystemPaused",
        id: `system-paused/${system}/${reference}/${attempt}`,
        subject: `system/${system}`,
        time,
        data: { system, why: said || "it refused us" },
        causeEffect: reference,
      }),
      0,
    ),
  };
}

/** In place of a result that could not be written down: nothing the target said is in it. */
export function unwritable({ claim, row }: Result, why: string, rules: CaseRules): Result {
  const { sends, probes, tries } = row;
  const said = `what ${claim.effect.system} answered could not be written down: ${why}`;
  const at = Date.parse(row.ended_at);
  return resultOf(
    claim,
    { next: "parked", parkedFor: "unproven", wakeMs: 0, why: said, sends, probes, tries },
    { beganAt: Date.parse(row.began_at), endedAt: at },
    rules,
  );
}
