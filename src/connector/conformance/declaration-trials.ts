import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Check, Errors } from "typebox/value";
import { expect, test } from "vitest";
import type { ContractRegistry } from "../../contract/registry.ts";
import type { Connector } from "../contract.ts";
import { WRITE_FAULTS } from "./fault.ts";
import type { Rig } from "./rig.ts";
import { vocabularyProblems, type ConfigField } from "./vocabulary.ts";

/** What can be said of a connector without a target: it declares only what it can do, in words all connectors share. */
export function declarationTrials(
  connector: Connector,
  rig: Rig,
  folder: string,
  contracts: ContractRegistry,
): void {
  const { config, effects, streams } = connector;

  test("names each idea of its config with the word all connectors use", () => {
    const { properties = {}, additionalProperties } = config as {
      properties?: Record<string, Record<string, unknown>>;
      additionalProperties?: unknown;
    };
    const fields = Object.entries(properties).map(([name, field]): ConfigField => ({ ...field, name }));
    expect(vocabularyProblems(fields)).toEqual([]);
    expect(additionalProperties, "a misspelt field must be found").toBe(false);
  });

  test("accepts the config its rig gives, and refuses a field it does not know", () => {
    const given = rig.config("http://127.0.0.1:1");
    expect([...Errors(config, given)]).toEqual([]);
    expect(Check(config, { ...given, noSuchField: true })).toBe(false);
  });

  test("declares effects that have a contract, in lanes of the target's objects", () => {
    for (const [name, { lane, settlesWithinMs }] of Object.entries(effects)) {
      const kind = contracts.get("query", name, 1) ? "query" : "effect";
      expect(contracts.get(kind, name, 1), `contracts/effects/${name}`).toBeDefined();
      const payload = rig.effects[name]?.payload(1);
      expect(contracts.validate(kind, name, 1, payload), `${name}`).toEqual({ ok: true });
      expect(lane(payload as never), `${name}`).toMatch(/^[a-z][A-Za-z0-9]*\/[^/]+$/);
      expect(lane(payload as never), "another object, another lane").not.toBe(
        lane(rig.effects[name]?.payload(2) as never),
      );
      expect(settlesWithinMs, `${name}`).toBeGreaterThanOrEqual(0);
    }
  });

  test("can do what it declares", async () => {
    const session = await connector.open({
      system: "trial",
      config: rig.config("http://127.0.0.1:1"),
      timeoutMs: 1000,
    });
    for (const [name, { safety, batch }] of Object.entries(effects)) {
      if (safety === "probe") expect(session.probe, `${name} is made safe by a probe`).toBeTypeOf("function");
      if (batch !== undefined)
        expect(session.applyBatch, `${name} travels in batches`).toBeTypeOf("function");
    }
    for (const [name, { kind, events }] of Object.entries(streams)) {
      const method = kind === "poll" ? "read" : "verify";
      expect(session[method], `stream ${name}`).toBeTypeOf("function");
      for (const event of events)
        expect(contracts.get("event", event, 1), `contracts/events/${event}`).toBeDefined();
    }
    await session.close();
  });

  test("tells its reader how to get access, what it does and what surprises", () => {
    const readme = join(folder, "README.md");
    const text = existsSync(readme) ? readFileSync(readme, "utf8") : "";
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(
      expect.arrayContaining([
        "Get access",
        "Configure",
        "What it reads, applies, answers",
        "Behaviour that surprises",
        "Limits",
      ]),
    );
    const fields = Object.keys((config as { properties?: object }).properties ?? {});
    for (const field of fields)
      expect(text, `README.md does not say what ${field} is`).toContain(`\`${field}\``);
  });

  test("has a rig for each effect, and no waiver without need", () => {
    expect(Object.keys(rig.effects).toSorted()).toEqual(Object.keys(effects).toSorted());
    for (const { effect, fault, reason } of rig.waivers) {
      expect(Object.keys(effects), "a waiver names an effect").toContain(effect);
      expect(
        WRITE_FAULTS.map(({ kind }) => kind),
        "a waiver names a fault",
      ).toContain(fault);
      expect(reason.length, "a waiver says why").toBeGreaterThan(30);
    }
  });
}
