/**
 * Read models follow the ledger: one loop, under one lease, for all of them.
 *
 * Views that stand at the same position share one read of what follows it. Each then takes in what concerns it in a transaction
 * of its own, which also moves its checkpoint: one that fails holds up no other. They stay behind the router, because they lean
 * on the links it has learned, and work at most half of the time, because the line goes first.
 */
import { type Client, type Pool, transaction } from "../db/pool.ts";
import { type LedgerEvent, parseEventType } from "../event/envelope.ts";
import { isLeaseLost } from "../lease/leases.ts";
import { ledgerEvent } from "../ledger/read.ts";
import type { ViewDefinition } from "./contract.ts";
import {
  advanceViews,
  holdViews,
  openViewCases,
  type Place,
  resetView,
  selectEventsOf,
  selectPlaces,
  stopView,
} from "./queries.ts";
import type { Views } from "./scan.ts";
import { blameFor, LEFT_OUT_LIMIT, messageOf, refusedCase, stoppedCase } from "./trouble.ts";

export const VIEWS_LEASE = "views";
const BATCH = 500;

export interface FollowOptions {
  readonly pool: Pool;
  readonly hub: string;
  readonly fence: number;
  readonly leaseMs: number;
  readonly views: Views;
  /** Events of a batch, where a test wants them few. */
  readonly limit?: number;
}

/** Views that are new or were filled by an older definition begin anew. Those of a newer one are left to the hub that has it. */
export async function enterViews(pool: Pool, views: Views): Promise<void> {
  const known = new Map((await selectPlaces(pool)).map((place) => [place.name, place.version]));
  for (const view of views.values())
    if ((known.get(view.name) ?? 0) < view.version) await resetView(pool, view);
}

/** Takes in one batch. @returns how many milliseconds to leave to the line before the next one; false when nothing is left */
export async function followStep(options: FollowOptions): Promise<number | false> {
  const { pool, views, limit = BATCH } = options;
  const began = performance.now();
  const places = (await selectPlaces(pool)).filter(
    ({ name, version, stopped }) => !stopped && views.get(name)?.version === version,
  );
  const behind = places.filter(({ checkpoint, routed }) => checkpoint < routed);
  if (behind.length === 0) return false;
  const upTo = behind[0]!.routed;
  let more = false;
  for (const [after, group] of Map.groupBy(behind, ({ checkpoint }) => checkpoint)) {
    const followers = group.map(({ name }) => views.get(name)!);
    const names = [...new Set(followers.flatMap(({ events }) => events))];
    const { last, rows } = await selectEventsOf(pool, { after, upTo, limit }, names);
    if (last === after) continue;
    await takeIn(options, followers, { after, last }, rows.map(ledgerEvent));
    more ||= last < upTo;
  }
  return more && Math.ceil(performance.now() - began);
}

interface Span {
  readonly after: Place["checkpoint"];
  readonly last: number;
}

async function takeIn(
  options: FollowOptions,
  followers: readonly ViewDefinition[],
  span: Span,
  events: readonly LedgerEvent[],
): Promise<void> {
  const named = Map.groupBy(events, ({ type }) => parseEventType(type)?.name ?? type);
  const unconcerned: string[] = [];
  for (const view of followers) {
    const own = view.events.some((name) => named.has(name))
      ? events.filter(({ type }) => view.events.includes(parseEventType(type)?.name ?? type))
      : [];
    if (own.length === 0) unconcerned.push(view.name);
    else await new Taking(options, view).take(own, span);
  }
  if (unconcerned.length > 0)
    await held(options, (on) => advanceViews(on, unconcerned, span.after, span.last));
}

async function held<T>(options: FollowOptions, work: (on: Client) => Promise<T>): Promise<T> {
  return transaction(options.pool, async (on) => {
    await holdViews(on, { ...options, lease: VIEWS_LEASE });
    return work(on);
  });
}

/** One view and one batch of its events. */
class Taking {
  readonly #options: FollowOptions;
  readonly #view: ViewDefinition;
  #leftOut = 0;

  constructor(options: FollowOptions, view: ViewDefinition) {
    this.#options = options;
    this.#view = view;
  }

  /** @returns whether it goes on: not where it stopped, or was reset meanwhile */
  async take(events: readonly LedgerEvent[], span: Span): Promise<boolean> {
    try {
      return await this.#move(span, (on) => this.#view.apply(events, on));
    } catch (error) {
      if (isLeaseLost(error)) throw error;
      const blame = blameFor(error);
      if (blame === "store") throw error;
      if (blame === "view" || this.#leftOut === LEFT_OUT_LIMIT) return this.#stop(events[0]!, error);
      if (events.length === 1) {
        this.#leftOut += 1;
        return this.#move(span, (on) =>
          openViewCases(on, JSON.stringify([refusedCase(this.#view.name, events[0]!, error)])),
        );
      }
    }
    const half = events.length >> 1;
    const middle = events[half]!.seq - 1;
    return (
      (await this.take(events.slice(0, half), { after: span.after, last: middle })) &&
      (await this.take(events.slice(half), { after: middle, last: span.last }))
    );
  }

  /** The checkpoint goes first: a view that was reset meanwhile is not written. */
  #move({ after, last }: Span, work: (on: Client) => Promise<void>): Promise<boolean> {
    return held(this.#options, async (on) => {
      const moved = await advanceViews(on, [this.#view.name], after, last);
      if (moved.length > 0) await work(on);
      return moved.length > 0;
    });
  }

  async #stop(event: LedgerEvent, error: unknown): Promise<false> {
    await held(this.#options, async (on) => {
      await stopView(on, this.#view.name, messageOf(error));
      await openViewCases(on, JSON.stringify([stoppedCase(this.#view.name, event, error)]));
    });
    return false;
  }
}
