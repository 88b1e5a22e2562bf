import type { Command } from "commander";

import { Failure } from "./failure.ts";

/** The default export of a file in commands/: adds itself to the program. What its work needs is imported when it runs. */
export type AddCommand = (program: Command) => void;

export function defineCommand(add: AddCommand): AddCommand {
  return add;
}

interface Lesson {
  /** Each a command line as it is typed, and what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** What exit code 1 says of this command; 0 and 2 mean the same everywhere. */
  readonly exit1: string;
}

/** Help that teaches: examples to copy, and what the exit code says to a script. */
export function teach(command: Command, { examples, exit1 }: Lesson): Command {
  const shown = examples.map(([line, does]) => `  $ interlock ${line}\n      ${does}`);
  return command.addHelpText(
    "after",
    `\nExamples:\n${shown.join("\n")}\n\nExit codes:\n  0  done\n  1  ${exit1}\n  2  the command line cannot be understood; nothing was done\n`,
  );
}

export interface JsonOption {
  readonly json?: boolean;
}

export function withJson(command: Command): Command {
  return command.option("--json", "answer in JSON, for programs");
}

export interface ProjectOption {
  readonly project: string;
}

export function withProject(command: Command): Command {
  return command.option("-p, --project <folder>", "the project's folder", ".");
}

/** @throws Failure USAGE */
export function readPort(text: string): number {
  if (/^[0-9]{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new Failure("USAGE", `--port ${text} is no port: give a number from 0 to 65535`);
}

export interface PersonOption {
  readonly actor: string;
  readonly reason: string;
}

/** For what a person does: both go into the ledger. */
export function withPerson(command: Command): Command {
  const account = process.env["USER"] ?? process.env["USERNAME"] ?? "operator";
  return command
    .requiredOption("--reason <text>", "why, in your words; kept in the ledger")
    .option("--actor <account>", "who does it; kept in the ledger", account);
}
