/** The small demo: a portal and an ERP, two of one kind, with the example `order-confirmation` between them. */
import { join } from "node:path";
import { type Simulated, Stage } from "./stage.ts";

const SYSTEMS = {
  "shop-erp": { product: "reference", secrets: { SHOP_ERP_SECRET: "clientSecret" } },
  portal: { product: "reference", secrets: { PORTAL_SECRET: "clientSecret" } },
} as const satisfies Record<string, Simulated>;
export type OrderSystem = keyof typeof SYSTEMS;

export class Shop extends Stage<OrderSystem> {
  constructor(seed: number, ended: AbortSignal) {
    super({ example: "order-confirmation", systems: SYSTEMS, seed }, ended);
  }

  /** The file an order system writes what it does into, before it answers. */
  journalOf(system: OrderSystem): string {
    return join(this.folder, "systems", system, "journal.jsonl");
  }
}
