import type {
  Answer,
  Connector,
  EffectDeclaration,
  OutgoingEffect,
  ProbeAnswer,
  Session,
} from "../contract.ts";
import { driveOn, followUp, type Ending, type Work } from "./driver.ts";
import { startPeer, type Peer } from "./peer.ts";
import type { EffectRig, Rig } from "./rig.ts";

/** Only catches a call that hangs. */
const DEADLINE_MS = 60_000;
const CALL_TIMEOUT_MS = 30_000;

/** A connector set up against its simulator: what the trials work with. */
export class Stand {
  readonly connector: Connector;
  readonly rig: Rig;
  readonly peer: Peer;
  readonly session: Session;
  static #objects = 0;
  #effects = 0;

  constructor(connector: Connector, rig: Rig, peer: Peer, session: Session) {
    this.connector = connector;
    this.rig = rig;
    this.peer = peer;
    this.session = session;
  }

  declaration(name: string): EffectDeclaration {
    return this.connector.effects[name]!;
  }

  rigOf(name: string): EffectRig {
    return this.rig.effects[name]!;
  }

  get signal(): AbortSignal {
    return AbortSignal.timeout(DEADLINE_MS);
  }

  /** A number no other object of these trials has. */
  nextObject(): number {
    return ++Stand.#objects;
  }

  /** An effect with a reference of its own; `payload` instead of the rig's usual one. */
  effect(name: string, n: number, payload: unknown = this.rigOf(name).payload(n)): OutgoingEffect {
    const reference = `C0F0${String(n).padStart(7, "0")}${String(++this.#effects).padStart(5, "0")}`;
    return { reference, type: `${name}.v1`, payload, attempt: 1, beforeWrite() {} };
  }

  /** Makes and applies what must be there before, on the same object. */
  async prepare(name: string, n: number): Promise<void> {
    const { after, byHand } = this.rigOf(name);
    await byHand?.(this.peer, n);
    if (after === undefined) return;
    await this.prepare(after, n);
    const answer = await this.send(this.effect(after, n));
    if (answer.class !== "applied") throw new Error(`${after} before ${name}: ${JSON.stringify(answer)}`);
  }

  get work(): Work {
    return async () => this.rig.work?.(this.peer);
  }

  /** Sends an effect once; where the target only queues it, until it has said what became of it. */
  async send(effect: OutgoingEffect): Promise<Answer | ProbeAnswer> {
    const sent = await this.session.apply(effect, this.signal);
    return followUp(this.session, effect, sent, this.signal, this.work);
  }

  /** Sends an effect and brings it to its end by the engine's rules. */
  async drive(name: string, effect: OutgoingEffect): Promise<Ending> {
    const sent = await this.session.apply(effect, this.signal);
    return this.driveOn(name, effect, sent);
  }

  async driveOn(name: string, effect: OutgoingEffect, sent: Answer): Promise<Ending> {
    return driveOn(this.session, this.declaration(name), effect, sent, this.signal, this.work);
  }

  async open(config: Readonly<Record<string, unknown>>): Promise<Session> {
    return openSession(this.connector, config);
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.peer.close();
  }
}

export async function setUp(connector: Connector, rig: Rig): Promise<Stand> {
  const peer = await startPeer(rig.simulator, rig.simulatorOptions);
  return new Stand(connector, rig, peer, await openSession(connector, rig.config(peer.url)));
}

async function openSession(
  connector: Connector,
  config: Readonly<Record<string, unknown>>,
): Promise<Session> {
  return connector.open({ system: "trial", config, timeoutMs: CALL_TIMEOUT_MS });
}
