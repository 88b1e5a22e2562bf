import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Child } from "../../../hub/testing/child.ts";
import { tell } from "./hub-api.ts";

const PROCESSES = "processes: [order-confirmation]";

/** Puts a version of the process after-sales into a project that is like the example, beside or in place of an older one. */
export function installAfterSales(project: string, version: 1 | 2): string {
  const index = join(project, "processes/after-sales/index.ts");
  cpSync(join(import.meta.dirname, `after-sales-${version}/index.ts`), index);
  const file = join(project, "interlock.yaml");
  const yaml = readFileSync(file, "utf8");
  if (!yaml.includes("after-sales") && !yaml.includes(PROCESSES))
    throw new Error(`${file} does not say ${PROCESSES}`);
  writeFileSync(file, yaml.replace(PROCESSES, "processes: [order-confirmation, after-sales]"));
  return index;
}

/** What a customer says of an order; who does not name it knows only the service case. */
export interface Word {
  readonly what: "Opened" | "Updated" | "Closed";
  readonly serviceCase: string;
  readonly salesOrder?: string;
  readonly customer?: string;
  /** The n-th of its kind. */
  readonly n?: number;
}

export function say(hub: Child, { what, serviceCase, n = 1, ...more }: Word): Promise<unknown> {
  const symptom = what === "Closed" ? {} : { symptom: "it hums" };
  return tell(hub, {
    id: `${serviceCase}-${what}-${n}`,
    name: `ServiceCase${what}`,
    subject: `serviceCase/${serviceCase}`,
    data: { serviceCase, ...symptom, ...more },
  });
}
