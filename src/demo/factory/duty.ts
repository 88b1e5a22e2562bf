/** Whoever is on duty where everything goes wrong: does what the cases ask a person for. */
import { DemoError } from "../errors.ts";
import type { World } from "./world.ts";

const ACTOR = "on.duty";
/** Somebody was quicker, or the hub has gone on by itself. */
const MOVED = 409;

/** @returns why, by system */
export async function pausedSystems(world: World): Promise<Map<string, string>> {
  const { body } = await world.api("/v1/systems");
  const systems = body.items as { readonly system: string; readonly paused: string | null }[];
  return new Map(systems.flatMap(({ system, paused }) => (paused === null ? [] : [[system, paused]])));
}

/** @throws DemoError when the hub does not take it */
export async function resume(world: World, system: string, reason: string): Promise<void> {
  const body = { actor: ACTOR, reason };
  const answer = await world.api(`/v1/systems/${system}/resume`, { method: "POST", body });
  if (answer.status >= 300 && answer.status !== MOVED)
    throw new DemoError(`the hub refused to resume ${system}: ${JSON.stringify(answer.body)}`);
}

/** What the ERP says of a message that it gave up after three tries, though nothing is wrong with it. */
const GIVEN_UP = "Update conflict";

interface Case {
  readonly id: number;
  readonly subject: string;
  readonly detail: { readonly happened?: string };
  readonly effects: readonly {
    readonly reference: string;
    readonly state: string;
    readonly attempt: number;
  }[];
}

/**
 * Has what the ERP gave up sent again.
 * @returns what it was about
 * @throws DemoError when the hub does not take it
 */
export async function retryGivenUp(world: World): Promise<string[]> {
  const { body: list } = await world.api("/v1/cases?state=open&kind=EFFECT_REJECTED");
  const retried: string[] = [];
  for (const { id } of list.items as { readonly id: number }[]) {
    const { subject, detail, effects } = (await world.api(`/v1/cases/${id}`)).body as Case;
    if (effects.length === 0 || detail.happened?.startsWith(GIVEN_UP) !== true) continue;
    const answer = await world.api(`/v1/cases/${id}/actions`, {
      method: "POST",
      body: {
        action: "retry",
        effects: effects.map(({ reference, state, attempt }) => ({ reference, state, attempt })),
        actor: ACTOR,
        reason: "the ERP was busy with the same record",
      },
    });
    if (answer.status < 300) retried.push(subject);
    else if (answer.status !== MOVED)
      throw new DemoError(`the hub refused to send what case ${id} is about: ${JSON.stringify(answer.body)}`);
  }
  return retried;
}
