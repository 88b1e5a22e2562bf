import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { Command, CommanderError } from "commander";

import type { AddCommand } from "./command.ts";
import { EXIT, Failure } from "./failure.ts";
import { HOME } from "./home.ts";

const INTRODUCTION = `Interlock keeps a manufacturer's CRM, ERP and MES telling the same story.

Begin with:
  $ interlock demo             see it at work, in two minutes
  $ interlock init my-plant    write a project of your own
  $ interlock run              run the project in this folder`;

/** Every file in commands/ is a command: a new one needs no other change. */
export async function createProgram(): Promise<Command> {
  const { version } = JSON.parse(readFileSync(join(HOME, "package.json"), "utf8")) as { version: string };
  const program = new Command("interlock")
    .description(INTRODUCTION)
    .version(version, "-v, --version", "print the version")
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("Add --help to see what it takes.")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: true });
  const folder = join(import.meta.dirname, "commands");
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .toSorted()) {
    const { default: add } = (await import(pathToFileURL(join(folder, file)).href)) as {
      default: AddCommand;
    };
    add(program);
  }
  return program;
}

/** @returns the exit code */
export async function runCommand(args: readonly string[]): Promise<number> {
  const program = await createProgram();
  // Asked for help on a command that is none, commander would show the whole help and not say why.
  const asked = args[0] === "help" ? args[1] : undefined;
  const known = asked === undefined || program.commands.some((command) => command.name() === asked);
  try {
    await program.parseAsync(known ? args : args.slice(1), { from: "user" });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    // Commander has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    tell(error, args.includes("--json"));
    return (error as { code?: unknown }).code === "USAGE" ? EXIT.usage : EXIT.failed;
  }
}

/** What the operating system refuses says itself what and where. */
const REMEDY_OF_SYSTEM: Readonly<Record<string, string | undefined>> = {
  EACCES: "Run it as the user who owns the folder, or give this user the right.",
  EROFS: "Nothing can be written there; choose another folder.",
  ENOSPC: "The disk is full: free some space and start again.",
};

function tell(error: unknown, json: boolean): void {
  const { message, code } = error as Error & { code?: unknown };
  const remedy = error instanceof Failure ? error.remedy : REMEDY_OF_SYSTEM[String(code)];
  if (json) {
    process.stderr.write(`${JSON.stringify({ error: { code, message, remedy } })}\n`);
    return;
  }
  process.stderr.write(`interlock: ${message}\n${remedy ? `${remedy}\n` : ""}`);
  // A code is an expected failure with all that is needed in its words; without one it is a bug, and its place matters.
  if (typeof code !== "string") process.stderr.write(`${(error as Error).stack ?? ""}\n`);
}

if (import.meta.main) process.exitCode = await runCommand(process.argv.slice(2));
