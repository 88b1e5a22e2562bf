import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { afterAll, expect, onTestFailed, test } from "vitest";
import type { Report } from "./compare.ts";

const MAIN = join(import.meta.dirname, "../../cli/main.ts");

/** What the demo leaves behind shows here. */
const place = mkdtempSync(join(tmpdir(), "factory-e2e-"));
chmodSync(place, 0o755);
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill("SIGTERM");
  rmdirSync(place);
});

interface Playing {
  readonly child: ChildProcess;
  readonly lines: Interface;
  readonly ended: Promise<number | null>;
  /** Everything it said so far. */
  readonly said: () => string;
}

function play(...args: string[]): Playing {
  const env = { ...process.env, TMPDIR: place, DATABASE_URL: "postgres://nobody@127.0.0.1:1/not-touched" };
  const child = spawn(process.execPath, [MAIN, "demo", ...args], { env, stdio: "pipe" });
  running.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, lines: createInterface({ input: child.stdout }), ended, said: () => said };
}

type Told = Report & { where: { hub: string; systems: Record<string, string> } };

/** The next report, or the end of a demo that has none to give. */
async function nextReport({ lines, ended, said }: Playing): Promise<Told> {
  const line = once(lines, "line").then(([text]) => text as string);
  const end = ended.then((code) => Promise.reject(new Error(`ended with ${code}:\n${said()}`)));
  return JSON.parse(await Promise.race([line, end])) as Told;
}

/** Two whole weeks, one after the other, each of seven processes. */
const DEADLINE = { timeout: 900_000 };

test(
  "four orders agree in all systems; one number changed by hand in any of them, and it says so",
  DEADLINE,
  async () => {
    const open = play("--json", "--seed", "7");
    onTestFailed(() => console.log(open.said()));
    const again = () => {
      open.child.stdin!.write("\n");
      return nextReport(open);
    };
    const edit = (url: string, body: object) =>
      fetch(`${url}/admin/edit`, { method: "POST", body: JSON.stringify(body) }).then(({ status }) => status);

    const before = await nextReport(open);
    expect(before.rows.flatMap(({ differences }) => differences)).toEqual([]);
    expect(before).toMatchObject({ agrees: true });
    expect(before.rows).toHaveLength(4);
    expect(before.rows.map(({ revision }) => revision)).toEqual(["A", "A", "A", "B"]);
    expect(before.rows[2]).toMatchObject({
      scrap: "2",
      rework: "2",
      scrappedLater: "2",
      promised: "2031-05-14",
    });

    const { erp, crm, "mes-brno": brno } = before.where.systems as Record<"erp" | "crm" | "mes-brno", string>;
    const [first, , third] = before.rows;
    const { productionOrders } = (await (await fetch(`${erp}/admin/production-orders`)).json()) as {
      productionOrders: { ProductionOrderNumber: string; DemandSalesOrderNumber: string }[];
    };
    const productionOf = (order: string) =>
      productionOrders.find(({ DemandSalesOrderNumber }) => DemandSalesOrderNumber === order)!
        .ProductionOrderNumber;
    const key = { ProductionOrderNumber: productionOf(first!.order) };
    const inErp = { set: "ProductionOrderHeaders", key, field: "ScheduledQuantity" };
    expect(await edit(erp, { ...inErp, value: "99" })).toBe(200);
    const changed = await again();
    expect(changed.agrees).toBe(false);
    expect(changed.rows[0]!.differences[0]).toContain("99 released in the ERP");
    expect(await edit(erp, { ...inErp, value: first!.ordered })).toBe(200);
    expect(await again()).toMatchObject({ agrees: true });

    const orders = (await (await fetch(`${crm}/admin/records/OrderItem`)).json()) as { Id: string }[];
    const inCrm = { object: "OrderItem", id: orders[0]!.Id, field: "Quantity" };
    expect(await edit(crm, { ...inCrm, value: 77 })).toBe(200);
    expect((await again()).rows[0]!.differences[0]).toContain("77 ordered in the CRM");
    expect(await edit(crm, { ...inCrm, value: Number(first!.ordered) })).toBe(200);

    expect(
      await edit(brno, { workOrder: productionOf(third!.order), operation: "20", field: "good", value: "1" }),
    ).toBe(200);
    expect(await again()).toMatchObject({ agrees: false });

    open.child.kill("SIGINT");
    expect(await open.ended).toBe(1);
    for (const url of [...Object.values(before.where.systems), before.where.hub])
      await expect(fetch(url)).rejects.toThrow("fetch failed");

    const brief = play("--once");
    onTestFailed(() => console.log(brief.said()));
    expect(await brief.ended).toBe(0);
    expect(brief.said()).toContain("agree on all 4 orders");
    expect(readdirSync(place)).toEqual([]);
  },
);
