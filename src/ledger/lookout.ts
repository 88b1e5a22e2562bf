/**
 * How often to look for what nobody rings for: the work of other hubs. While this hub is alone there is none, and a look is only
 * a precaution.
 */
export class Lookout {
  #hubs: number | undefined;

  /** How many hubs live on this database, this one among them. Until that is known there may be others. */
  tell(hubs: number): void {
    this.#hubs = hubs;
  }

  /** Milliseconds. */
  get everyMs(): number {
    return this.#hubs === 1 ? ALONE_MS : AMONG_OTHERS_MS;
  }
}

const AMONG_OTHERS_MS = 50;
const ALONE_MS = 250;
