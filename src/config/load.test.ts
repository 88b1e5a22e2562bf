import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkProject } from "./check.ts";
import { loadProject } from "./load.ts";
import { ProjectError } from "./project.ts";

const EXAMPLE = join(import.meta.dirname, "../../examples/order-confirmation");
const SECRETS = { PORTAL_SECRET: "portal-secret", SHOP_ERP_SECRET: "erp-secret" };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "project-"));
  cpSync(EXAMPLE, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

function edit(file: string, change: (text: string) => string) {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  expect(change(text)).not.toBe(text);
  writeFileSync(path, change(text));
}

function write(file: string, text: string) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

async function problems(environment: Record<string, string> | null = SECRETS): Promise<readonly string[]> {
  const error: unknown = await loadProject(folder, environment).then(
    () => new ProjectError([]),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProjectError) return error.problems;
  throw error;
}

async function findings() {
  return (await checkProject(folder)).map(({ message }) => message);
}

describe("a project", () => {
  test("is read with its secrets from the environment", async () => {
    const project = await loadProject(folder, SECRETS);
    expect(project.systems.get("shop-erp")).toMatchObject({
      role: "erp",
      connector: "reference",
      plant: "lyon",
      config: { clientSecret: "erp-secret" },
    });
    expect(project.owners.get("finance")).toMatchObject({ settleWithinMs: 172_800_000 });
    expect(project.authority.mayEmit("portal", "OrderRequested")).toEqual({ ok: true });
    expect(project.crosswalk.toCanonical("portal", "item", "SHOP-0200")).toBe("PUMP-200");
    expect(project.mappings).toMatchObject([
      {
        file: "mappings/portal/requests.jsonata",
        system: "portal",
        name: "requests",
        direction: "in",
        shipped: false,
      },
    ]);
  });

  test("says how fast each of its systems is written to and read", async () => {
    edit("interlock.yaml", (text) =>
      text.replace(
        "    plant: lyon\n    connector: reference\n",
        "    plant: lyon\n    connector: reference\n    pace: { concurrency: 4, callWithin: 20s, pollEvery: 2m }\n",
      ),
    );
    const { systems } = await loadProject(folder, SECRETS);
    expect(systems.get("shop-erp")?.pace).toEqual({ concurrency: 4, timeoutMs: 20_000, pollMs: 120_000 });
    expect(systems.get("portal")?.pace).toEqual({});
  });

  test("says how soon a hub that fell silent is taken over, and no sooner than a call may begin", async () => {
    const takeOver = (after: string, sendWithin: string) =>
      edit("interlock.yaml", (text) =>
        text
          .replace(/^systems:/m, `takeOverAfter: ${after}\nsystems:`)
          .replaceAll(
            "    connector: reference\n",
            `$&    pace: { sendWithin: ${sendWithin}, settleWithin: 500ms }\n`,
          ),
      );
    takeOver("4s", "1s");
    const { takeOverAfterMs, systems } = await loadProject(folder, SECRETS);
    expect(takeOverAfterMs).toBe(4_000);
    expect(systems.get("shop-erp")?.pace).toEqual({ deadlineMs: 1_000, settleMs: 500 });
    edit("interlock.yaml", (text) => text.replace("takeOverAfter: 4s", "takeOverAfter: 900ms"));
    expect((await problems()).join()).toContain("900ms is not longer than shop-erp may take to begin a call");
  });

  test("says how long each hop may take, and who has the case when it takes longer", async () => {
    const declare = (to: string) =>
      edit("interlock.yaml", (text) =>
        text.replace(
          /^systems:/m,
          `serviceLevels:\n  entry:\n    from: { event: OrderRequested, by: [salesOrder] }\n    to: ${to}\n    within: 15m\n    owner: finance\n$&`,
        ),
      );
    declare("{ event: OrderConfirmed, by: [salesOrder] }");
    const { serviceLevels } = await loadProject(folder, SECRETS);
    expect(serviceLevels).toMatchObject([
      { name: "entry", withinMs: 900_000, owner: "finance", unless: [], tellers: ["erp"] },
    ]);
    edit("interlock.yaml", (text) => text.replace("{ event: OrderConfirmed,", "{ event: OrderConfirmd,"));
    expect((await problems()).join()).toContain("there is no event contract OrderConfirmd");
    edit("interlock.yaml", (text) =>
      text.replace(
        "{ event: OrderConfirmd, by: [salesOrder] }",
        "{ event: OrderConfirmed, by: [number, line] }",
      ),
    );
    expect(await problems()).toMatchObject([
      expect.stringContaining("OrderConfirmed has no field number, only salesOrder"),
      expect.stringContaining("OrderConfirmed has no field line"),
      expect.stringContaining("has 2 fields and from has 1: they are compared one by one"),
    ]);
  });

  test("changes its fingerprint with everything that changes what it does", async () => {
    const before = (await loadProject(folder, SECRETS)).fingerprint;
    edit("crosswalks/portal.csv", (text) => text.replace("SEAL-9", "SEAL-10"));
    expect((await loadProject(folder, SECRETS)).fingerprint).not.toBe(before);
  });

  test("names every mistake at once, with its place", async () => {
    edit("interlock.yaml", (text) =>
      text
        .replace("baseUrl: http://127.0.0.1:4710", "baseURL: http://127.0.0.1:4710")
        .replace("timezone: Europe/Paris", "timezone: Europe/Lyon")
        .replace("plant: lyon", "plant: lion")
        .replace("${PORTAL_SECRET}", "hunter2"),
    );
    write("mappings/portal/nothing.jsonata", "{}");
    write("crosswalks/more.csv", "system,kind,native,canonical\nsap,item,1,A\n");
    const found = await problems();
    expect(found).toEqual([
      expect.stringMatching(
        /^interlock\.yaml:\d+:7 systems\.portal\.config\.clientSecret: is a secret: write \$\{NAME\}/,
      ),
      expect.stringMatching(
        /^interlock\.yaml:\d+:5 systems\.shop-erp\.config\.baseUrl: is required and missing/,
      ),
      expect.stringMatching(
        /^interlock\.yaml:\d+:7 systems\.shop-erp\.config\.baseURL: is not a known field/,
      ),
      'crosswalks/more.csv:2: there is no system "sap" in interlock.yaml',
      expect.stringMatching(/^interlock\.yaml:\d+:5 plants\.lyon\.timezone: "Europe\/Lyon" is no time zone/),
      expect.stringMatching(/^interlock\.yaml:\d+:5 systems\.shop-erp\.plant: there is no plant "lion"/),
      expect.stringMatching(
        /^mappings\/portal\/nothing\.jsonata: system portal has no stream or effect "nothing" to map, only orders, webhook, requests, CreateSalesOrder, /,
      ),
    ]);
    expect(found.join("\n")).not.toContain("hunter2");
  });

  test("says what there is instead of what was misspelt", async () => {
    edit("interlock.yaml", (text) =>
      text.replace("[order-confirmation]", "[order-konfirmation]").replace("Europe/Paris", "Europe/Pariss"),
    );
    expect(await problems()).toEqual([
      'interlock.yaml:8:5 plants.lyon.timezone: "Europe/Pariss" is no time zone such as Europe/Paris',
      expect.stringMatching(
        /^interlock\.yaml:44:\d+ processes\.0: there is no process "order-konfirmation", only .*order-confirmation/,
      ),
    ]);
    edit("interlock.yaml", (text) =>
      text.replace("  finance:", "  finanse:").replace("settleWithin: 4h", "settleWithin: 4 hours"),
    );
    expect(await problems()).toEqual([
      "interlock.yaml:42:3 owners.finanse: is not a known field; known are it, plant-operations, customer-service, finance, quality",
      expect.stringMatching(/settleWithin: must match pattern .* \(How soon .*: 4h, 2d\), not "4 hours"$/),
    ]);
    writeFileSync(join(folder, "interlock.yaml"), "");
    expect(await problems()).toEqual([expect.stringContaining("interlock.yaml: is empty")]);
  });

  test("says which environment variable is missing, and takes no other field from there", async () => {
    edit("interlock.yaml", (text) => text.replace("clientId: interlock", "clientId: ${CLIENT_ID}"));
    expect(await problems({ PORTAL_SECRET: "x" })).toEqual([
      expect.stringMatching(/clientId: only secrets may come from outside/),
      expect.stringMatching(
        /^interlock\.yaml:\d+:7 systems\.shop-erp\.config\.clientSecret: the environment variable SHOP_ERP_SECRET is not set, /,
      ),
    ]);
  });

  test.each([
    ["name: A\nname: B\n", /^interlock\.yaml:2:1: Map keys must be unique/],
    ["name: [\n", /^interlock\.yaml:2:1: Flow sequence/],
    ["- a\n", /^interlock\.yaml:1:1: must be object/],
    [
      "a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n",
      /alias/,
    ],
  ])("refuses the file %j", async (text, problem) => {
    write("interlock.yaml", text);
    expect((await problems())[0]).toMatch(problem);
  });
});

describe("the check", () => {
  test("finds nothing wrong in the example, without secrets and without its systems", async () => {
    expect(await findings()).toEqual([]);
  });

  test("holds mappings against their samples, contracts and authority", async () => {
    edit("mappings/portal/requests.samples.json", (text) => text.replace('"1999.00"', '"1999.50"'));
    expect(await findings()).toEqual([
      'mappings/portal/requests.samples.json: an order with two lines: /data/lines/0/unitPrice/amount is "1999.00", the sample says "1999.50"',
    ]);
    edit("mappings/portal/requests.samples.json", (text) => text.replace('"1999.50"', '"1999.00"'));
    edit("interlock.yaml", (text) => `${text}\nauthority:\n  OrderRequested: [shop-erp]\n`);
    expect(await findings()).toEqual(
      Array.from({ length: 2 }, () =>
        expect.stringContaining("portal (crm) may not send OrderRequested: only shop-erp may"),
      ),
    );
  });

  test("finds broken mappings and events that nobody may send", async () => {
    edit("mappings/portal/requests.jsonata", (text) => text.replace("} : {", "} : {{"));
    write(
      "contracts/events/PumpTested/1.json",
      JSON.stringify({
        title: "PumpTested",
        description: "A pump passed its test.",
        type: "object",
        additionalProperties: false,
      }),
    );
    const found = await findings();
    expect(found).toEqual([
      expect.stringMatching(/PumpTested\/1\.json: x-owner is missing/),
      expect.stringMatching(/^mappings\/portal\/requests\.jsonata:\d+:\d+: /),
      expect.stringMatching(/nobody may send PumpTested: name its owner in x-owner/),
    ]);
  });
});
