import { cpSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";

import { defineCommand, teach } from "../command.ts";
import { Failure } from "../failure.ts";
import { printLine } from "../output.ts";

const TEMPLATE = join(import.meta.dirname, "../template");

export default defineCommand((program) => {
  const command = program
    .command("init [folder]")
    .summary("write a project of your own")
    .description(
      "Writes a small project that runs: two systems, their owners, one process, and a README that says what goes where. The folder belongs in your version control.",
    )
    .action((folder = ".") => {
      const target = resolve(folder as string);
      if (existsSync(join(target, "interlock.yaml"))) {
        throw new Failure(
          "FOLDER_IN_USE",
          `${target} holds an interlock.yaml already`,
          "Choose another folder; nothing was written.",
        );
      }
      mkdirSync(target, { recursive: true });
      // What is there already is not written over.
      cpSync(TEMPLATE, target, { recursive: true, force: false });
      // Named so in the template because npm leaves real ones out of packages.
      const ignore = join(target, ".gitignore");
      if (!existsSync(ignore)) renameSync(join(target, "gitignore"), ignore);
      for (const name of ["mappings", "crosswalks"]) mkdirSync(join(target, name), { recursive: true });
      printLine(
        `A project is in ${target}. Its README.md says how to try it; begin with: interlock check ${folder as string}`,
      );
    });
  teach(command, {
    examples: [["init my-plant", "writes the project into my-plant/"]],
    exit1: "the folder holds a project already, or cannot be written",
  });
});
