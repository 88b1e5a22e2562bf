/** The bicycle maker's systems: a CRM, an ERP, two plants and a hub, with the example `adventureworks` between them. */
import type { Document } from "yaml";
import { type Simulated, Stage } from "../../demo/stage.ts";

const SYSTEMS = {
  crm: { product: "crm-salesforce", secrets: { CRM_SECRET: "clientSecret" } },
  erp: { product: "erp-dynamics365", secrets: { ERP_SECRET: "clientSecret" } },
  "mes-bothell": {
    product: "mes-rest",
    options: ["--dialect", "lyon"],
    secrets: { BOTHELL_MES_SECRET: "clientSecret", BOTHELL_WEBHOOK_SECRET: "webhookSecret" },
    webhooks: true,
  },
  "mes-renton": {
    product: "mes-rest",
    options: ["--dialect", "lyon"],
    secrets: { RENTON_MES_SECRET: "clientSecret", RENTON_WEBHOOK_SECRET: "webhookSecret" },
    webhooks: true,
  },
} as const satisfies Record<string, Simulated>;
export type SystemName = keyof typeof SYSTEMS;
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as SystemName[];
export const PLANTS = ["mes-bothell", "mes-renton"] as const;
export type Plant = (typeof PLANTS)[number];

export class Works extends Stage<SystemName> {
  constructor(ended: AbortSignal) {
    super({ example: "adventureworks", systems: SYSTEMS, adapt: setPace }, ended);
  }
}

/**
 * Years pass in minutes here: a hub that was killed is followed soon, and what it was sending is looked for soon after, as the
 * simulators have done what they do within a moment.
 */
function setPace(yaml: Document): void {
  yaml.setIn(["takeOverAfter"], "5s");
  const within = { callWithin: "4s", sendWithin: "2s", settleWithin: "4s" };
  for (const name of SYSTEM_NAMES)
    for (const [term, time] of Object.entries(within)) yaml.setIn(["systems", name, "pace", term], time);
}
