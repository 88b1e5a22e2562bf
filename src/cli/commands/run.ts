import { defineCommand, readPort, teach, withProject, type ProjectOption } from "../command.ts";

interface Options extends ProjectOption {
  readonly host: string;
  readonly port: string;
}

export default defineCommand((program) => {
  const command = program
    .command("run")
    .summary("run the hub of a project")
    .description(
      "Runs a hub: takes events in, decides, sends, settles, and serves the API. Without DATABASE_URL it starts its own PostgreSQL in the project's .interlock folder. Several hubs may run on one database. Ctrl-C ends it: what is in hand is finished first.\n\nLogs go to standard output as JSON, one object per line; INTERLOCK_LOG sets their level.",
    )
    .option("--host <address>", "where the API listens; beyond this machine only behind TLS", "127.0.0.1")
    .option("--port <n>", "0: any free port", "7300")
    .action(async ({ project, host, port }: Options) => {
      const { runHub } = await import("../run-hub.ts");
      await runHub({ folder: project, host, port: readPort(port) });
    });
  teach(withProject(command), {
    examples: [
      ["run", "the project in this folder, API at http://127.0.0.1:7300"],
      ["run --project my-plant --port 0", "any free port; .interlock/hub.json says which"],
    ],
    exit1: "the hub could not start; the message says what stands in the way",
  });
});
