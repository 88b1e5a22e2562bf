import { Refusal } from "./refusal.ts";

export type ClockState = { base: number; anchor: number; speed: number };

const DAY_MS = 86_400_000;

/** The ERP's own time. It runs with the real one until the admin sets it, and may run faster. */
export class Clock {
  #state: ClockState = { base: 0, anchor: 0, speed: 1 };

  get state(): ClockState {
    return this.#state;
  }

  set state(state: ClockState) {
    this.#state = state;
  }

  now(): number {
    const { base, anchor, speed } = this.#state;
    return Math.round(base + (Date.now() - anchor) * speed);
  }

  iso(): string {
    return new Date(this.now()).toISOString();
  }

  /** The posting date of now: the ERP's calendar is UTC. */
  today(): string {
    return this.iso().slice(0, 10);
  }

  /** Sets the time, the speed, or both; what is not given stays as it is. */
  set(body: Record<string, unknown>): void {
    const now = body["now"] === undefined ? this.now() : Date.parse(String(body["now"]));
    const speed = body["speed"] === undefined ? this.#state.speed : Number(body["speed"]);
    if (!Number.isFinite(now))
      throw new Refusal("InvalidClock", "now is not a time such as 2026-03-02T06:00:00Z", { field: "now" });
    if (!(speed >= 0 && speed <= 100_000))
      throw new Refusal("InvalidClock", "speed must be 0 to 100000", { field: "speed" });
    this.#state = { base: now, anchor: Date.now(), speed };
  }
}

/** The date itself when it is a working day, else the next Monday. */
export function toWorkday(date: string): string {
  const time = Date.parse(`${date}T00:00:00Z`);
  const weekday = new Date(time).getUTCDay();
  const ahead = weekday === 6 ? 2 : weekday === 0 ? 1 : 0;
  return dateOf(time + ahead * DAY_MS);
}

/** So many working days later, or earlier when negative. */
export function addWorkdays(date: string, days: number): string {
  let time = Date.parse(`${toWorkday(date)}T00:00:00Z`);
  for (let left = Math.abs(days); left > 0;) {
    time += Math.sign(days) * DAY_MS;
    const weekday = new Date(time).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left--;
  }
  return dateOf(time);
}

export function addDays(date: string, days: number): string {
  return dateOf(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
}

export function later(a: string, b: string): string {
  return a > b ? a : b;
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
