// The first thing that runs on a fresh machine: plain JavaScript without dependencies, for Node 18 and later. It brings
// what is missing (a Node that is new enough, the exact dependencies), then runs the command under that Node.
//
//   node bin/bootstrap.mjs <command> [arguments]

import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ensureConsole, showsConsole } from "./bootstrap/console.mjs";
import { ensureDependencies } from "./bootstrap/dependencies.mjs";
import { run } from "./bootstrap/launch.mjs";
import { SetupError } from "./bootstrap/npm.mjs";
import { ensureNode } from "./bootstrap/runtime.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The project's own commands; they run in the project's root. Every other command belongs to the command line. */
const PROJECT_COMMANDS = {
  check: "scripts/check.ts",
  acceptance: "scripts/acceptance.ts",
  prove: "scripts/prove.ts",
  bench: "bench/run.ts",
  schema: "scripts/schema.ts",
  client: "scripts/check-console-client.ts",
  screenshots: "scripts/screenshots.ts",
};

/** `interlock <arguments>` is the command line itself: its `check` and `bench` are not the project's. */
function resolveCommand([command, ...rest]) {
  if (Object.hasOwn(PROJECT_COMMANDS, command ?? "")) {
    return { script: join(root, PROJECT_COMMANDS[command]), args: rest, cwd: root };
  }
  const args = command === "interlock" ? rest : command === undefined ? ["--help"] : [command, ...rest];
  return { script: join(root, "src/cli/main.ts"), args, cwd: process.cwd(), isHub: args.includes("run") };
}

try {
  const node = await ensureNode(root);
  await ensureDependencies(root, node);
  const args = process.argv.slice(2);
  if (showsConsole(args)) await ensureConsole(root, node);
  // Spawned, never imported: an entry script recognises itself by `import.meta.main`.
  if (args[0] !== "console") await run(node, resolveCommand(args));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`interlock: ${error.message}\n`);
  process.exitCode = 1;
}
