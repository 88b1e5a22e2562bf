import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ContractRegistry } from "../../contract/registry.ts";
import { parseEventType } from "../../event/envelope.ts";
import type { Connector, Translation } from "../contract.ts";
import type { Rig } from "./rig.ts";

const CANONICAL = ".canonical.json";

/**
 * `fixtures/<stream>/<name>.native.<ext>` is a message in the product's own format, `<name>.canonical.json` what it is
 * translated to. They show a reader both sides, and hold for as long as the product speaks like that.
 */
export function fixtureTrials(
  { open, streams }: Connector,
  rig: Rig,
  folder: string,
  contracts: ContractRegistry,
): void {
  const fixtures = Object.keys(streams).flatMap((stream) =>
    fixturesOf(join(folder, "fixtures", stream), stream),
  );

  test("has fixtures, or samples of its mappings, for a reader to see both sides", () => {
    const samples = globSync("mappings/*.samples.json", { cwd: folder });
    expect(Object.keys(streams).length === 0 || fixtures.length + samples.length > 0).toBe(true);
  });

  test.each(fixtures)(
    "translates $stream/$name as its fixture says",
    async ({ stream, raw, type, expected }) => {
      const session = await open({
        system: "trial",
        config: rig.config("http://127.0.0.1:1"),
        timeoutMs: 1000,
      });
      const message = { contentType: type, raw };
      expect(session.identify(stream, message)).toBeDefined();
      const translation = await session.translate(stream, message);
      await session.close();
      expect(translation).toEqual(expected);
      expect(translation).toSatisfy((given: Translation) => keepsContract(given, contracts));
    },
  );
}

function keepsContract(translation: Translation, contracts: ContractRegistry): boolean {
  if (!translation.ok || !translation.event) return true;
  const { name, major } = parseEventType(translation.event.type)!;
  return contracts.validate("event", name, major, translation.event.data).ok;
}

const TYPES: Readonly<Record<string, string>> = { json: "application/json", xml: "application/xml" };

function fixturesOf(folder: string, stream: string) {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter((file) => file.endsWith(CANONICAL))
    .map((file) => {
      const name = file.slice(0, -CANONICAL.length);
      const native = files.find((other) => other.startsWith(`${name}.native.`));
      if (native === undefined)
        throw new Error(`${join(folder, file)}: there is no ${name}.native.* beside it`);
      return {
        stream,
        name,
        raw: readFileSync(join(folder, native)),
        type: TYPES[native.split(".").at(-1)!] ?? "application/octet-stream",
        expected: JSON.parse(readFileSync(join(folder, file), "utf8")) as unknown,
      };
    });
}
