import { closeSync, fchownSync, openSync, readFileSync, renameSync, statSync } from "node:fs";

import type { Account } from "./account.ts";

const TURN_AT_BYTES = 8 * 1024 * 1024;
const TAIL_LINES = 12;

/** The server's log, opened for one start; the file before it is kept when this one has grown large. */
export class ServerLog {
  readonly file: string;
  readonly #from: number;
  readonly fd: number;

  constructor(file: string, account: Account | undefined) {
    this.file = file;
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > TURN_AT_BYTES) renameSync(file, `${file}.1`);
    this.#from = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    this.fd = openSync(file, "a", 0o600);
    if (account) fchownSync(this.fd, account.uid, account.gid);
  }

  /** The last lines written since this start. */
  tail(): string {
    const text = readFileSync(this.file).subarray(this.#from).toString("utf8").trimEnd();
    return text.split("\n").slice(-TAIL_LINES).join("\n");
  }

  close(): void {
    closeSync(this.fd);
  }
}
