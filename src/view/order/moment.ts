import type { LedgerEvent } from "../../event/envelope.ts";
import { toUtc } from "../../event/time.ts";
import type { Moment } from "./part.ts";

export function momentOf({ time, seq }: LedgerEvent): Moment {
  return { at: time, seq };
}

/** In the ledger's form, so that times compare as texts. */
export function utc(time: string): string {
  return toUtc(time) ?? time;
}

export function earliest(moments: readonly (Moment | undefined)[]): string | undefined {
  return moments
    .flatMap((moment) => moment?.at ?? [])
    .reduce<string | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
}

export function latest(moments: readonly (Moment | undefined)[]): string | undefined {
  return moments
    .flatMap((moment) => moment?.at ?? [])
    .reduce<string | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
}
