import { defineCommand, type JsonOption, teach, withJson } from "../command.ts";
import { EXIT } from "../failure.ts";
import { printJson, printLine } from "../output.ts";

export default defineCommand((program) => {
  const command = program
    .command("check [folder]")
    .summary("prove a project offline, before it runs")
    .description(
      "Proves a project without its systems, its secrets and a database: interlock.yaml, contracts with their samples, crosswalks, mappings with their samples, who may say what, that every process says what it does with every event in every phase, and that every event has a reader. Shows which event comes from which system and goes to which process.",
    )
    .action(async (folder = ".", { json }: JsonOption) => {
      const { checkAll } = await import("../project-check.ts");
      const { findings, events } = await checkAll(folder as string);
      if (findings.length > 0) process.exitCode = EXIT.failed;
      if (json) return printJson({ ok: findings.length === 0, findings, events });
      for (const { event, systems, processes, recordOnly = "nobody reads it" } of events)
        printLine(`${event}: ${systems.join(", ")} -> ${processes.join(", ") || `(${recordOnly})`}`);
      if (events.length > 0) printLine("");
      for (const { message } of findings) printLine(message);
      printLine(findings.length === 0 ? "The project is in order." : `\n${findings.length} to correct.`);
    });
  teach(withJson(command), {
    examples: [
      ["check", "the project in this folder"],
      ["check my-plant --json", "for a pipeline: { ok, findings, events }"],
    ],
    exit1: "something is to be corrected: each finding begins with file and place",
  });
});
