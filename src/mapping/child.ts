/* The process that runs mappings. It holds no secret, has no environment, and may be killed at any moment. */
import { createCrosswalk } from "../crosswalk/crosswalk.ts";
import { compileMapping, type CompiledMapping, type MapResult } from "./compile.ts";
import type { ChildReply, ChildRequest } from "./mapping-process.ts";
import type { MappingProblem } from "./problem.ts";

const mappings = new Map<string, CompiledMapping | MappingProblem>();

function reply(message: ChildReply): void {
  process.send!(message);
}

function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

process.on("message", async (request: ChildRequest) => {
  if (request.kind === "load") {
    const tables = { crosswalk: createCrosswalk(request.crosswalk), zones: request.zones };
    for (const source of request.mappings) {
      const compiled = compileMapping(source, tables, request.limits);
      mappings.set(source.file, compiled.ok ? compiled.mapping : compiled.problem);
    }
    const problems = [...mappings.values()].filter((mapping) => "code" in mapping);
    reply({ kind: "loaded", problems, usedMs: usedMs() });
    return;
  }
  const results: MapResult[] = [];
  for (const { file, input, context } of request.items) {
    const mapping = mappings.get(file)!;
    results.push("code" in mapping ? { ok: false, problem: mapping } : await mapping.map(input, context));
  }
  reply({ kind: "mapped", results, usedMs: usedMs() });
});

process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {}); // Ctrl-C reaches the whole group: the hub says when mapping ends.
