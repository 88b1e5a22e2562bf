import { styleText } from "node:util";
import type { WriteStream } from "node:tty";
import type { Report, Row } from "./compare.ts";

/** Where nobody watches, what goes on is said this often at most. */
const SAY_AGAIN_MS = 5_000;

/** Who hears it besides the terminal. */
export type Listener = Pick<Narrator, "chapter" | "say">;

/** Tells the demo on a terminal, or into a file: in colour, and over-writing itself, only where a person watches. */
export class Narrator {
  readonly #out: WriteStream;
  readonly #began = performance.now();
  readonly #listener: Listener | undefined;
  #saidAt = 0;
  #line = "";

  constructor(out: WriteStream, listener?: Listener) {
    this.#out = out;
    this.#listener = listener;
  }

  chapter(title: string): void {
    this.#listener?.chapter(title);
    this.#write(`\n${this.#style("bold", title)}\n`);
  }

  say(text: string): void {
    this.#listener?.say(text);
    this.#write(`${this.#clock()}  ${text}\n`);
  }

  /** What is being waited for. */
  wait(text: string): void {
    if (this.#out.isTTY) {
      this.#line = `${this.#clock()}  ${this.#style("dim", text)}`;
      this.#out.write(`\r\u001b[K${this.#line}`);
    } else if (performance.now() - this.#saidAt > SAY_AGAIN_MS) this.say(text);
  }

  table(report: Report): void {
    const head = ["order", "what happened to it", "asked", "in ERP", "promised", "at portal", ""];
    const rows = report.rows.map((row) => [
      row.salesOrder,
      row.remark,
      shorten(row.asked, 34),
      inErp(row),
      row.confirmedDate ?? "-",
      row.atPortal ?? "-",
      row.agrees ? "agrees" : "DIFFERS",
    ]);
    const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd();
    this.#write(`\n${this.#style("dim", line(head))}\n`);
    for (const [i, row] of report.rows.entries()) {
      this.#write(`${row.agrees ? line(rows[i]!) : this.#style("red", line(rows[i]!))}\n`);
      for (const difference of row.differences) this.#write(`         ${difference}\n`);
    }
  }

  sums({ agrees, sums, rows, cases }: Report): void {
    const agreeing = rows.filter((row) => row.agrees).length;
    this.#write(
      `\n${sums.asked} orders: ${sums.createdOnce} created exactly once, ${sums.rightlyNever} rightly never, ` +
        `${sums.missing} missing, ${sums.doubled} doubled, ${sums.unasked} that nobody asked for;\n` +
        `${sums.repeated} calls had their effect twice.\n`,
    );
    this.#write(`\nCases it opened for people\n`);
    for (const { state, owner, title, subject } of cases) {
      const about = subject.slice(subject.indexOf("/") + 1);
      const words = title.includes(about) ? title : `${title} (${about})`;
      this.#write(`  ${state.padEnd(6)}  ${owner.padEnd(16)}  ${words}\n`);
    }
    const verdict = agrees
      ? this.#style("green", `ERP, portal and ledger agree on all ${agreeing} orders.`)
      : this.#style("red", `They do not agree: ${rows.length - agreeing} of ${rows.length} orders differ.`);
    this.#write(`\n${verdict}\n`);
  }

  plain(text: string): void {
    this.#write(`${text}\n`);
  }

  #write(text: string): void {
    this.#saidAt = performance.now();
    if (this.#line !== "") this.#out.write("\r\u001b[K");
    this.#line = "";
    this.#out.write(text);
  }

  #clock(): string {
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(1);
    return this.#style("dim", `${seconds.padStart(6)} s`);
  }

  #style(format: "bold" | "dim" | "green" | "red", text: string): string {
    return styleText(format, text, { stream: this.#out });
  }
}

function inErp({ created, inErp: status }: Row): string {
  if (created === 0) return "never";
  const times = created === 1 ? "once" : `${created} times`;
  return status === "confirmed" ? times : `${times}, ${status}`;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
