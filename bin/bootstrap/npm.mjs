// Running npm: found wherever this Node keeps it, always as `node npm-cli.js`, so that it needs no shell on any platform
// and runs under the Node that is asked for.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";

/** What a person can act on: printed without a stack. */
export class SetupError extends Error {}

export function say(line) {
  process.stderr.write(`interlock: ${line}\n`);
}

/** Environment for a child: `node` on its PATH is the given one, also for what the child itself starts. */
export function environmentFor(node) {
  const env = { ...process.env };
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  env[pathName] = [dirname(node), env[pathName]].filter(Boolean).join(delimiter);
  // `npm run` names its own Node in these two; a child that believes them would fall back to the old one.
  env.NODE = node;
  env.npm_node_execpath = node;
  return env;
}

/** Path of npm-cli.js. Order: the npm that started us, the one beside this Node, the first on the PATH. */
export function findNpm() {
  const started = process.env.npm_execpath;
  if (started && basename(started) === "npm-cli.js" && existsSync(started)) return started;

  const bin = dirname(process.execPath);
  const candidates = [
    join(bin, "../lib/node_modules/npm/bin/npm-cli.js"),
    join(bin, "node_modules/npm/bin/npm-cli.js"),
  ];
  for (const folder of (process.env.PATH ?? process.env.Path ?? "").split(delimiter).filter(Boolean)) {
    // On POSIX `npm` is a link to npm-cli.js; on Windows it is a script beside node_modules.
    const link = join(folder, "npm");
    if (existsSync(link)) candidates.push(realpathSync(link));
    candidates.push(join(folder, "node_modules/npm/bin/npm-cli.js"));
  }
  const found = candidates.find((path) => basename(path) === "npm-cli.js" && existsSync(path));
  if (found) return found;
  throw new SetupError(
    `npm was not found beside ${process.execPath} nor on the PATH.\n` +
      "  Install npm (it comes with Node.js; Debian and Ubuntu: apt-get install npm), then run the same command again.",
  );
}

/** What npm's error codes ask a person to look at. */
const HINTS = [
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/,
    "npm could not reach its registry: check the network, a proxy (npm config set proxy) or the registry setting.",
  ],
  [
    /\b(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|CERT_\w+)\b/,
    "npm does not trust the certificate it was shown: name your authority's file (npm config set cafile).",
  ],
  [/\bENOSPC\b/, "the disk is full."],
];

/**
 * npm looks for the machine's npmrc (proxy, certificates, registry) beside the Node it runs under. Under another Node
 * than the machine's own it has to be told.
 */
function machineConfig(cli, node) {
  if (node === process.execPath || process.env.npm_config_globalconfig) return {};
  const asked = spawnSync(process.execPath, [cli, "config", "get", "globalconfig"], { encoding: "utf8" });
  return asked.status === 0 ? { npm_config_globalconfig: asked.stdout.trim() } : {};
}

/**
 * Runs one npm command and says nothing while it works. A failure throws a SetupError that names the step, shows the end
 * of npm's own words and says how to try again.
 */
export async function npm(step, node, args, cwd) {
  const cli = findNpm();
  const { code, output } = await new Promise((resolve, reject) => {
    const child = spawn(node, [cli, ...args], {
      cwd,
      env: { ...environmentFor(node), ...machineConfig(cli, node) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
  if (code === 0) return;

  const [, hint] = HINTS.find(([codes]) => codes.test(output)) ?? [undefined, "npm's own words are above."];
  throw new SetupError(
    `${step} failed.\n${output.trim().split("\n").slice(-15).join("\n")}\n` +
      `  ${hint}\n  Then run the same command again, or this step alone: (cd ${cwd} && npm ${args.join(" ")})`,
  );
}
