/** The works: an ERP, the plant's MES and a hub, with the example `factory-log` between them. */
import type { Document } from "yaml";
import { type Simulated, Stage } from "../../demo/stage.ts";

const SYSTEMS = {
  erp: { product: "erp-dynamics365", secrets: { ERP_SECRET: "clientSecret" } },
  "mes-works": {
    product: "mes-rest",
    options: ["--dialect", "lyon"],
    secrets: { WORKS_MES_SECRET: "clientSecret", WORKS_WEBHOOK_SECRET: "webhookSecret" },
  },
} as const satisfies Record<string, Simulated>;
type SystemName = keyof typeof SYSTEMS;

export class Works extends Stage<SystemName> {
  constructor(ended: AbortSignal) {
    super({ example: "factory-log", systems: SYSTEMS, adapt: setPace }, ended);
  }
}

/** Months pass in seconds here, and so must the looks: what the ERP has posted decides when the next report is sent to it. */
function setPace(yaml: Document): void {
  yaml.setIn(["systems", "erp", "pace"], { pollEvery: "100ms" });
  yaml.setIn(["systems", "mes-works", "pace"], { pollEvery: "500ms" });
  yaml.setIn(["systems", "erp", "config", "overlapMs"], 2_000);
}
