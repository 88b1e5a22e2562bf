/**
 * Read models follow the ledger: one loop, under one lease, for all of them.
 *
 * Views that stand at the same position share one read of what follows it. Each then takes in what concerns it in a transaction
 * of its own, which also moves its checkpoint: one that fails holds up no other. They stay behind the router, because they lean
 * on the links it has learned, and work at most a quarter of the time while the router does, because the line goes first.
 */
import { type Client, type Pool, transaction } from "../db/pool.ts";
import { type LedgerEvent, parseEventType } from "../event/envelope.ts";
import { isLeaseLost } from "../lease/leases.ts";
import { ledgerEvent } from "../ledger/read.ts";
import type { Batch, ViewDefinition } from "./contract.ts";
import {
  advanceViews,
  holdViews,
  openViewCases,
  resetView,
  selectEventsOf,
  selectLinksLearned,
  selectPlaces,
  stopView,
} from "./queries.ts";
import type { Views } from "./scan.ts";
import { blameFor, LEFT_OUT_LIMIT, messageOf, refusedCase, stoppedCase } from "./trouble.ts";

export const VIEWS_LEASE = "views";
/** Of what is far behind. */
const BATCH = 200;
/** Close behind the line: few enough for a step to hold nobody up. What is further behind than some of these is far. */
const NEAR_BATCH = 40;
const NEAR = 10 * NEAR_BATCH;
/** While the line works: so many times what a batch took is left to it before the next one. */
const LEFT_TO_THE_LINE = 3;
/** What comes meanwhile is taken in together. */
const FOLLOW_MS = 100;

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

/** Takes in one batch. @returns how many milliseconds to leave to the line before the next one; true: none, it rests; false: there was nothing */
export async function followStep(options: FollowOptions): Promise<number | boolean> {
  const { pool, views } = options;
  const began = performance.now();
  const places = (await selectPlaces(pool)).filter(
    ({ name, version, stopped }) => !stopped && views.get(name)?.version === version,
  );
  const behind = places.filter(({ checkpoint, routed }) => checkpoint < routed);
  if (behind.length === 0) return false;
  const upTo = behind[0]!.routed;
  const furthest = upTo - Math.min(...behind.map(({ checkpoint }) => checkpoint));
  const limit = options.limit ?? (furthest > NEAR ? BATCH : NEAR_BATCH);
  let more = false;
  for (const [after, group] of Map.groupBy(behind, ({ checkpoint }) => checkpoint)) {
    const followers = group.map(({ name }) => views.get(name)!);
    const names = [...new Set(followers.flatMap(({ events }) => events))];
    const { last, rows } = await selectEventsOf(pool, { after, upTo, limit }, names);
    if (last === after) continue;
    const links = followers.some((view) => view.links) ? await selectLinksLearned(pool, after, last) : [];
    await takeIn(options, followers, after, { events: rows.map(ledgerEvent), links, upTo: last });
    more ||= last < upTo;
  }
  if (!more) return FOLLOW_MS;
  const lineRests = (await selectPlaces(pool))[0]?.routed === upTo;
  return lineRests || Math.ceil(LEFT_TO_THE_LINE * (performance.now() - began));
}

async function takeIn(
  options: FollowOptions,
  followers: readonly ViewDefinition[],
  after: number,
  batch: Batch,
): Promise<void> {
  const named = Map.groupBy(batch.events, nameOf);
  const unconcerned: string[] = [];
  for (const view of followers) {
    const concerned = view.events.some((name) => named.has(name));
    const events = concerned ? batch.events.filter((event) => view.events.includes(nameOf(event))) : [];
    const links = view.links ? batch.links : [];
    if (events.length + links.length === 0) unconcerned.push(view.name);
    else await new Taking(options, view).take(after, { ...batch, events, links });
  }
  if (unconcerned.length > 0) await held(options, (on) => advanceViews(on, unconcerned, after, batch.upTo));
}

function nameOf({ type }: LedgerEvent): string {
  return parseEventType(type)?.name ?? type;
}

async function held<T>(options: FollowOptions, work: (on: Client) => Promise<T>): Promise<T> {
  return transaction(options.pool, async (on) => {
    await holdViews(on, { ...options, lease: VIEWS_LEASE });
    return work(on);
  });
}

/** One view and one batch of what it reads. */
class Taking {
  readonly #options: FollowOptions;
  readonly #view: ViewDefinition;
  #leftOut = 0;

  constructor(options: FollowOptions, view: ViewDefinition) {
    this.#options = options;
    this.#view = view;
  }

  /** @returns whether it goes on: not where it stopped, or was reset meanwhile */
  async take(after: number, batch: Batch): Promise<boolean> {
    const { events, links, upTo } = batch;
    try {
      return await this.#move(after, upTo, (on) => this.#view.apply(batch, on));
    } catch (error) {
      if (isLeaseLost(error)) throw error;
      const blame = blameFor(error);
      if (blame === "store") throw error;
      const [first] = events;
      if (blame === "view" || first === undefined || this.#leftOut === LEFT_OUT_LIMIT)
        return this.#stop(after, error);
      if (events.length === 1) {
        this.#leftOut += 1;
        const told = JSON.stringify([refusedCase(this.#view.name, first, error)]);
        return this.#move(after, upTo, (on) => openViewCases(on, told));
      }
    }
    const half = events.length >> 1;
    const middle = events[half]!.seq - 1;
    const [before = [], beyond = []] = [true, false].map((early) =>
      links.filter(({ seq }) => seq <= middle === early),
    );
    return (
      (await this.take(after, { events: events.slice(0, half), links: before, upTo: middle })) &&
      (await this.take(middle, { events: events.slice(half), links: beyond, upTo }))
    );
  }

  /** The checkpoint goes first: a view that was reset meanwhile is not written. */
  #move(after: number, upTo: number, work: (on: Client) => Promise<void>): Promise<boolean> {
    return held(this.#options, async (on) => {
      const moved = await advanceViews(on, [this.#view.name], after, upTo);
      if (moved.length > 0) await work(on);
      return moved.length > 0;
    });
  }

  async #stop(after: number, error: unknown): Promise<false> {
    await held(this.#options, async (on) => {
      await stopView(on, this.#view.name, messageOf(error));
      await openViewCases(on, JSON.stringify([stoppedCase(this.#view.name, after, error)]));
    });
    return false;
  }
}
