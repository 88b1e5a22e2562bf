/** All that the scripts remember: how far each stream was read, and what could not be delivered. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { log } from "./log.ts";

export class Files {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    for (const name of ["cursor", "failed", "again", "alive"])
      mkdirSync(join(folder, name), { recursive: true });
  }

  readCursor<Cursor>(stream: string, first: Cursor): Cursor {
    return this.#read<Cursor>(`cursor/${stream}.json`) ?? first;
  }

  saveCursor(stream: string, cursor: unknown): void {
    this.#write(`cursor/${stream}.json`, cursor);
  }

  /** Puts a message aside, with the reason: somebody will look at it, and move it to `again` when the reason is gone. */
  putAside(stream: string, id: string, message: unknown, reason: string): void {
    log(`${stream}: ${id} was put aside: ${reason}`);
    this.#write(`failed/${stream}-${id}.json`, { stream, id, message, reason });
  }

  /** What somebody wants to be tried again; each is taken away when the next one is asked for. */
  *takeAgain<Message>(stream: string): Generator<Message> {
    for (const name of readdirSync(join(this.#folder, "again"))) {
      if (!name.startsWith(`${stream}-`)) continue;
      yield this.#read<{ message: Message }>(`again/${name}`)!.message;
      rmSync(join(this.#folder, "again", name));
    }
  }

  /** For the monitoring: when the last round that went well began, in epoch milliseconds. */
  tellAlive(stream: string, beganAt: number): void {
    this.#write(`alive/${stream}.json`, beganAt);
  }

  #read<Value>(name: string): Value | undefined {
    try {
      return JSON.parse(readFileSync(join(this.#folder, name), "utf8")) as Value;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Whole or not at all, also when the process is killed in the middle. */
  #write(name: string, value: unknown): void {
    const file = join(this.#folder, name);
    writeFileSync(`${file}.new`, JSON.stringify(value));
    renameSync(`${file}.new`, file);
  }
}
