export const EFFECT_ACTIONS = ["retry", "resubmit", "mark-applied", "cancel"] as const;
export type EffectAction = (typeof EFFECT_ACTIONS)[number];

/** An effect as far as it decides what a person may do: its lane's state when it is the lane's head. */
export interface EffectState {
  readonly reference: string;
  /** Of its lane; `queued` while it waits behind another. */
  readonly state: "queued" | "ready" | "sending" | "accepted" | "unknown" | "parked" | "ended";
  readonly parkedFor: "rejected" | "exhausted" | "unproven" | "mismatch" | null;
  readonly attempt: number;
  /** The effect it waits behind, when queued. */
  readonly head: string | null;
  readonly outcome: string | null;
}

/** Null: allowed. Otherwise why not, in words for a person. */
export type Allowed<Action extends string> = Readonly<Record<Action, string | null>>;

/**
 * What a person may do to an effect now. While a call is under way, or its answer is not known, nobody may decide: the
 * target might just be doing it.
 */
export function allowedOnEffect(effect: EffectState): Allowed<EffectAction> {
  const { state, parkedFor, head, outcome } = effect;
  const none = (why: string): Allowed<EffectAction> => ({
    retry: why,
    resubmit: why,
    "mark-applied": why,
    cancel: why,
  });
  switch (state) {
    case "ended":
      return none(`it has ended: ${outcome}`);
    case "queued":
      return none(`it waits behind ${head}: act on that one first`);
    case "sending":
      return none("a call to the target is under way");
    case "unknown":
      return none("the answer to its last call was not seen: the target is being asked");
    case "accepted":
      return none("the target has queued it: its result is awaited");
    case "ready":
      return {
        retry: "it is sent by itself as soon as its time has come",
        resubmit: "its content was not refused",
        "mark-applied": null,
        cancel: null,
      };
    case "parked":
      return {
        retry: null,
        resubmit:
          parkedFor === "rejected" || parkedFor === "exhausted"
            ? null
            : "the target may have it: other content under a new reference could apply it twice",
        "mark-applied": null,
        cancel: null,
      };
  }
}

export const CASE_ACTIONS = ["reassign", "comment", "close"] as const;
export type CaseAction = (typeof CASE_ACTIONS)[number];

export function allowedOnCase(one: {
  readonly state: "open" | "closed";
  /** Members that still hold something up. */
  readonly waiting: number;
}): Allowed<CaseAction> {
  if (one.state === "closed") {
    const why = "the case is closed";
    return { reassign: why, comment: why, close: why };
  }
  return {
    reassign: null,
    comment: null,
    // A lane, an object or an instance that is held without an open case is seen by nobody.
    close:
      one.waiting === 0
        ? null
        : `${one.waiting} of its members still wait: act on those, and it closes by itself`,
  };
}
