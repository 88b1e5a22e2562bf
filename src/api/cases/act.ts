import { CASE_ACTIONS, type CaseAction, EFFECT_ACTIONS, type EffectAction } from "../../case/allowed.ts";
import { takeCaseAction } from "../../case/case-action.ts";
import { takeEffectAction } from "../../case/effect-action.ts";
import { CaseError } from "../../case/errors.ts";
import { releaseInstance } from "../../case/instance-action.ts";
import type { Evidence } from "../../connector/contract.ts";
import { actOnCase } from "../../intake/readmit.ts";
import type { CaseOwner } from "../../process/contract.ts";
import { parseInstanceMember } from "../../process/outcome.ts";
import type { ApiContext } from "../context.ts";
import { now } from "../now.ts";
import { Problem } from "../problem.ts";
import type { CaseAnswer } from "./case.ts";
import { INBOUND_ACTIONS, isHeld } from "./show.ts";

export const ACTIONS = [...CASE_ACTIONS, ...EFFECT_ACTIONS, ...INBOUND_ACTIONS, "release"] as const;

export interface CaseRequest {
  readonly action: (typeof ACTIONS)[number];
  readonly actor: string;
  readonly reason: string;
  readonly version?: number;
  readonly owner?: CaseOwner;
  readonly assignee?: string | null;
  readonly effects?: readonly {
    readonly reference: string;
    readonly state: string;
    readonly attempt: number;
  }[];
  readonly payload?: unknown;
  readonly evidence?: Evidence;
}

/** What was done, and to which members it could not be. */
export interface CaseResult {
  affected: number;
  refused: { member: string; code: string; detail: string }[];
  /** resubmit: the reference of the effect that takes its place. */
  replacement?: string;
}

/** Each member is acted on by itself: one that has moved meanwhile is told, and keeps none of the others. */
export async function actOnWholeCase(
  context: ApiContext,
  found: CaseAnswer,
  request: CaseRequest,
): Promise<CaseResult> {
  const { pool, bell } = context;
  const { action, actor, reason } = request;
  const word = { actor, reason, now: now() };
  if (isOneOf(CASE_ACTIONS, action)) return decideCase(context, found.id, action, request);
  if (isOneOf(EFFECT_ACTIONS, action)) return decideEffects(context, found, action, request);
  if (isOneOf(INBOUND_ACTIONS, action)) {
    return { affected: await actOnCase({ pool, bell }, found.id, action, word), refused: [] };
  }
  const held = found.members.filter(isHeld).map(({ ref }) => parseInstanceMember(ref)!);
  return each(
    held,
    ({ process, key }) => `${process}/${key}`,
    (instance) => releaseInstance(pool, instance, word),
  );
}

async function decideCase(
  { pool }: ApiContext,
  id: number,
  action: CaseAction,
  request: CaseRequest,
): Promise<CaseResult> {
  const { version, owner, assignee, actor, reason } = request;
  if (version === undefined) throw missing("version", `the version of the case you looked at`);
  if (action === "reassign" && owner === undefined && assignee === undefined) {
    throw missing("owner", "the team to give it to, or assignee, the person");
  }
  await takeCaseAction(pool, {
    id,
    action,
    version,
    actor,
    reason,
    now: now(),
    ...(owner !== undefined && { owner }),
    ...(assignee !== undefined && { assignee }),
  });
  return { affected: 1, refused: [] };
}

async function decideEffects(
  { pool, effectRules }: ApiContext,
  found: CaseAnswer,
  action: EffectAction,
  request: CaseRequest,
): Promise<CaseResult> {
  const { effects, payload, evidence, actor, reason } = request;
  if (effects === undefined)
    throw missing("effects", "those to act on, each with the state and attempt you saw");
  if (action === "resubmit" && (payload === undefined || effects.length !== 1)) {
    throw missing("payload", "the corrected content of exactly one effect");
  }
  let replacement: string | undefined;
  const result = await each(
    effects,
    ({ reference }) => reference,
    async ({ reference, ...seen }) => {
      if (!found.effects.some((effect) => effect.reference === reference)) {
        throw new CaseError("CASE_MOVED", `${reference} does not wait in case ${found.id}; look again`);
      }
      const request = {
        reference,
        action,
        seen,
        actor,
        reason,
        now: now(),
        payload,
        ...(evidence && { evidence }),
      };
      ({ replacement } = await takeEffectAction(pool, request, effectRules));
    },
  );
  return { ...result, ...(replacement !== undefined && { replacement }) };
}

/** @throws CaseError when it could be done to none of them */
async function each<Member>(
  members: readonly Member[],
  nameOf: (member: Member) => string,
  act: (member: Member) => Promise<void>,
): Promise<CaseResult> {
  const refused: CaseResult["refused"] = [];
  let first: CaseError | undefined;
  for (const member of members) {
    try {
      await act(member);
    } catch (error) {
      if (!(error instanceof CaseError)) throw error;
      first ??= error;
      refused.push({ member: nameOf(member), code: error.code, detail: error.message });
    }
  }
  if (first && refused.length === members.length) throw first;
  return { affected: members.length - refused.length, refused };
}

function missing(field: string, what: string): Problem {
  const detail = `this action needs ${what}`;
  return new Problem(422, "REQUEST_INVALID", `${field}: ${detail}`, {
    errors: [{ pointer: `/${field}`, detail }],
  });
}

function isOneOf<Word extends string>(words: readonly Word[], word: string): word is Word {
  return (words as readonly string[]).includes(word);
}
