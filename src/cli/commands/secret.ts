import { defineCommand, type ProjectOption, teach, withProject } from "../command.ts";
import { Failure } from "../failure.ts";
import { printLine } from "../output.ts";

export default defineCommand((program) => {
  const secret = program.command("secret").description("keep the secrets of a project, encrypted");

  const set = secret
    .command("set <name>")
    .summary("keep a secret that interlock.yaml refers to as ${NAME}")
    .description(
      "Reads the secret from standard input and keeps it in the project's .interlock folder, encrypted with the key in INTERLOCK_SECRET_KEY (or in the file that INTERLOCK_SECRET_KEY_FILE names), which the hub needs as well. A variable of that name in the environment goes before it. A running hub reads it at its next start. Nothing shows a kept secret again.",
    )
    .action(async (name: string, { project }: ProjectOption) => {
      const { keepSecret } = await import("../../config/kept-secrets.ts");
      const value = (await process.stdin.setEncoding("utf8").toArray()).join("").replace(/\r?\n$/, "");
      if (value === "") throw new Failure("USAGE", `no secret came on standard input for ${name}`);
      keepSecret(project, name, value, process.env);
      printLine(`${name} is kept; interlock.yaml refers to it as \${${name}}.`);
    });
  teach(withProject(set), {
    examples: [["secret set ERP_SECRET < erp-secret.txt", "keep what is in the file; then delete the file"]],
    exit1: "there is no key, or the name cannot be one",
  });
});
