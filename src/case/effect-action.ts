/**
 * What people do to effects. Each is one transaction: the lane moves by compare-and-set on what the person saw, and the
 * ledger tells who did what and why; the process hears of an end like of any other.
 */
import { hash } from "node:crypto";

import type { Evidence } from "../connector/contract.ts";
import type { Pool } from "../db/pool.ts";
import { effectEvent } from "../effect/effect-event.ts";
import { boundedEvidence } from "../effect/evidence.ts";
import { replacementReference } from "../effect/reference.ts";
import { appendRow, engineEvent, type AppendRow, type NewEvent } from "../ledger/row.ts";
import { allowedOnEffect, type EffectAction } from "./allowed.ts";
import { CaseError } from "./errors.ts";
import { actOnEffect, selectEffect, type EffectInLane } from "./queries.ts";
import { checkWord, type Word } from "./word.ts";

export interface EffectRules {
  /** Whether the target can be asked for such an effect; where not, a person who retries vouches that it is not there. */
  readonly canProbe: (system: string, type: string) => boolean;
  /** What is wrong with a payload by its contract: one sentence each, with the place. */
  readonly problemsOf: (type: string, payload: unknown) => readonly string[];
  readonly laneOf: (system: string, type: string, payload: unknown) => string;
}

export interface EffectRequest extends Word {
  readonly reference: string;
  readonly action: EffectAction;
  /** What the person saw when deciding. */
  readonly seen: { readonly state: string; readonly attempt: number };
  /** resubmit: the corrected content. */
  readonly payload?: unknown;
  /** mark-applied: what the person saw in the target. */
  readonly evidence?: Evidence;
}

/**
 * @returns for resubmit the reference of the new effect
 * @throws CaseError CASE_UNKNOWN, CASE_MOVED, CASE_ACTION_REFUSED, CASE_WORD_MISSING or CASE_CONTENT_INVALID
 */
export async function takeEffectAction(
  pool: Pool,
  request: EffectRequest,
  rules: EffectRules,
): Promise<{ readonly replacement?: string }> {
  checkWord(request);
  const { reference, action, actor, seen } = request;
  const effect = await selectEffect(pool, reference);
  if (!effect) throw new CaseError("CASE_UNKNOWN", `there is no effect ${reference}`);
  if (effect.state !== seen.state || effect.attempt !== seen.attempt) throw moved(effect, seen);
  const refused = allowedOnEffect(effect)[action];
  if (refused !== null) {
    throw new CaseError("CASE_ACTION_REFUSED", `${action} of ${reference} is not possible: ${refused}`);
  }
  const replacement = action === "resubmit" ? correct(effect, request.payload, rules) : null;
  const done = await actOnEffect(pool, {
    reference,
    ...seen,
    action,
    actor,
    vouched: !rules.canProbe(effect.system, effect.type),
    effect: replacement,
    events: eventsOf(effect, request, replacement?.reference),
  });
  if (!done) throw moved(effect, seen);
  return replacement ? { replacement: replacement.reference } : {};
}

function correct(
  { reference, system, type, lane }: EffectInLane,
  payload: unknown,
  rules: EffectRules,
): { reference: string; payload: string; payload_hash: string } {
  const problems = rules.problemsOf(type, payload);
  if (problems.length > 0) {
    throw new CaseError(
      "CASE_CONTENT_INVALID",
      `the content is no ${type}: ${problems.slice(0, 5).join("; ")}`,
    );
  }
  const meant = rules.laneOf(system, type, payload);
  if (meant !== lane) {
    throw new CaseError(
      "CASE_CONTENT_INVALID",
      `the content is about ${meant}, but ${reference} is about ${lane}`,
    );
  }
  const text = JSON.stringify(payload);
  const payloadHash = hash("sha256", text, "hex");
  return {
    reference: replacementReference(reference, payloadHash),
    payload: text,
    payload_hash: payloadHash,
  };
}

function eventsOf(
  effect: EffectInLane,
  request: EffectRequest,
  replacement: string | undefined,
): AppendRow[] {
  const { action, actor, reason, now: time } = request;
  const events: NewEvent[] = [];
  if (effect.caseId !== null) events.push(actionTaken(effect, effect.caseId, request, replacement));
  const told = { time, actor, reason };
  if (action === "cancel") events.push(effectEvent("EffectCancelled", effect, told));
  if (action === "mark-applied") {
    const evidence = request.evidence && boundedEvidence(request.evidence);
    events.push(effectEvent("EffectMarkedApplied", effect, { ...told, evidence }));
  }
  return events.map(appendRow);
}

function actionTaken(
  effect: EffectInLane,
  caseId: number,
  { action, actor, reason, now }: EffectRequest,
  replacement: string | undefined,
): NewEvent {
  const { reference, attempt, correlation, plant, causeSeq } = effect;
  return engineEvent({
    name: "CaseActionTaken",
    id: `case/${caseId}/${action}/${reference}/${attempt}`,
    subject: correlation,
    time: now,
    data: {
      case: caseId,
      action,
      references: replacement === undefined ? [reference] : [reference, replacement],
      actor,
      reason,
    },
    correlation,
    plant: plant ?? undefined,
    causeSeq,
    causeEffect: reference,
    actor,
    reason,
  });
}

function moved(
  { reference, state, attempt }: EffectInLane,
  seen: { readonly state: string; readonly attempt: number },
): CaseError {
  return new CaseError(
    "CASE_MOVED",
    `${reference} was ${seen.state} at attempt ${seen.attempt} when you looked and is ${state} at attempt ${attempt} now, or just moved on; look again`,
  );
}
