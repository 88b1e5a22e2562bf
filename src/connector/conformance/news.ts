import { expect } from "vitest";
import type { ContractRegistry } from "../../contract/registry.ts";
import { parseEventType } from "../../event/envelope.ts";
import type { NativeMessage, Told } from "../contract.ts";
import type { Stand } from "./stand.ts";

/** Makes the target tell something: applies the rig's news. @returns what it told at once, as answers */
export async function makeNews(at: Stand): Promise<readonly Told[]> {
  await at.peer.disarm();
  const answered: Told[] = [];
  for (const effect of at.rig.news) {
    const n = at.nextObject();
    await at.prepare(effect, n);
    const answer = await at.send(at.effect(effect, n));
    expect(answer).toMatchObject({ class: "applied" });
    if ("told" in answer && answer.told) answered.push(answer.told);
  }
  await at.rig.newsByHand?.(at.peer);
  return answered;
}

/** Each message has an identity of its own and a translation that keeps its contract; together they bring the declared events. */
export async function expectNews(
  { session }: Stand,
  name: string,
  messages: readonly NativeMessage[],
  contracts: ContractRegistry,
): Promise<string[]> {
  const identities = messages.map((message) => session.identify(name, message));
  for (const identity of identities)
    expect(identity).toMatchObject({
      id: expect.stringMatching(/./),
      objectKey: expect.stringMatching(/.\/./),
    });
  expect(new Set(identities.map((identity) => identity!.id)).size, "no message twice").toBe(messages.length);
  const seen = new Set<string>();
  for (const message of messages) {
    const translation = await session.translate(name, message);
    if (!translation.ok) throw new Error(`${translation.code}: ${translation.message}`);
    if (!translation.event) continue;
    const { type, data } = translation.event;
    const { name: event, major } = parseEventType(type)!;
    seen.add(event);
    expect(contracts.validate("event", event, major, data), `${JSON.stringify(data)}`).toEqual({ ok: true });
  }
  return [...seen].toSorted();
}
