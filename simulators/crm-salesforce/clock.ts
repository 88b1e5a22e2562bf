/** What the admin set: at the real time `setAt` the org's clock stood at `now` and went on `speed` times as fast. */
export type ClockSetting = { readonly now: number; readonly setAt: number; readonly speed: number };

/** The org's clock. It is the real one until the admin sets it; stamps and dates are all read from here. */
export class Clock {
  #setting: ClockSetting = { now: 0, setAt: 0, speed: 1 };

  set(setting: ClockSetting): void {
    this.#setting = setting;
  }

  now(): number {
    const { now, setAt, speed } = this.#setting;
    return Math.floor(now + (Date.now() - setAt) * speed);
  }

  get speed(): number {
    return this.#setting.speed;
  }

  /** Audit fields are kept to the second: two changes of one second carry the same stamp. */
  stamp(): string {
    return new Date(Math.floor(this.now() / 1000) * 1000).toISOString();
  }

  today(): string {
    return new Date(this.now()).toISOString().slice(0, 10);
  }
}
