import { Refusal } from "./refusal.ts";

export type ClockState = { base: number; anchor: number; speed: number };

/** The plant's own time, epoch milliseconds. It is the real one until the admin sets it, makes it run faster, or stops it. */
export class Clock {
  #state: ClockState;

  constructor(state: ClockState = { base: 0, anchor: 0, speed: 1 }) {
    this.#state = state;
  }

  get state(): ClockState {
    return this.#state;
  }

  now(): number {
    const { base, anchor, speed } = this.#state;
    return Math.round(base + (Date.now() - anchor) * speed);
  }

  /** Real milliseconds until the plant's time is `at`; undefined when it stands still. */
  realWait(at: number): number | undefined {
    return this.#state.speed === 0 ? undefined : Math.max(0, (at - this.now()) / this.#state.speed);
  }

  /** Sets the time, the speed, or both; what is not given stays.. */
  set(body: Record<string, unknown>): void {
    const given = body["now"] === undefined ? this.now() : Date.parse(String(body["now"]));
    const speed = body["speed"] === undefined ? this.#state.speed : Number(body["speed"]);
    if (!Number.isFinite(given))
      throw new Refusal(422, "invalid-clock", "now is no time such as 2026-03-02T06:00:00Z", "now");
    if (!(speed >= 0 && speed <= 1_000_000))
      throw new Refusal(422, "invalid-clock", "speed must be 0 to 1000000", "speed");
    this.#state = { base: given, anchor: Date.now(), speed };
  }
}
