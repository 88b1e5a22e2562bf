/** Whoever is on duty in IT: sees to systems that the hub may not or will not send to, as their cases ask for. */
import { DemoError } from "../errors.ts";
import type { World } from "./world.ts";

const ACTOR = "it.duty";
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
