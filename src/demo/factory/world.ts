/** The whole factory: a CRM, an ERP, two plants and a hub, with the example `make-to-order` between them. */
import type { Document } from "yaml";
import type { Answer, Call } from "../call.ts";
import { type Simulated, Stage } from "../stage.ts";
import { PACE, type Weather } from "./pace.ts";

const SYSTEMS = {
  crm: { product: "crm-salesforce", secrets: { CRM_SECRET: "clientSecret" } },
  erp: { product: "erp-dynamics365", secrets: { ERP_SECRET: "clientSecret" } },
  "mes-lyon": {
    product: "mes-rest",
    options: ["--dialect", "lyon"],
    secrets: { LYON_MES_SECRET: "clientSecret", LYON_WEBHOOK_SECRET: "webhookSecret" },
    webhooks: true,
  },
  "mes-brno": {
    product: "mes-rest",
    options: ["--dialect", "brno"],
    secrets: { BRNO_MES_SECRET: "clientSecret", BRNO_WEBHOOK_SECRET: "webhookSecret" },
    webhooks: true,
  },
} as const satisfies Record<string, Simulated>;
export type SystemName = keyof typeof SYSTEMS;
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as SystemName[];
export const PLANTS = ["mes-lyon", "mes-brno"] as const;

export class World extends Stage<SystemName> {
  /** Resolves when a hub that a visitor killed has its successor. */
  #back: Promise<void> | undefined;
  #replaced = 0;

  /** @param told what the hub is told besides, by its environment */
  constructor(seed: number, ended: AbortSignal, weather: Weather = "fair", told: NodeJS.ProcessEnv = {}) {
    const adapt = (yaml: Document) => setPace(yaml, weather);
    super({ example: "make-to-order", systems: SYSTEMS, seed, adapt, told }, ended);
  }

  /** The hub dies and another one takes over: who calls meanwhile waits for it, and what got no answer is asked again. */
  async replaceHub(): Promise<void> {
    this.#back ??= this.killHub()
      .then(() => this.startHub())
      .finally(() => {
        this.#replaced++;
        this.#back = undefined;
      });
    await this.#back;
  }

  /** @throws while the hub is dead, unless it is being replaced */
  override async api(path: string, options: Omit<Call, "signal" | "token"> = {}): Promise<Answer> {
    await this.#back;
    const began = this.#replaced;
    try {
      return await super.api(path, options);
    } catch (error) {
      if (this.#back === undefined && this.#replaced === began) throw error;
      await this.#back;
      return super.api(path, options);
    }
  }
}

function setPace(yaml: Document, weather: Weather): void {
  const { systems, erpPageSize, takeOverAfter } = PACE[weather];
  for (const name of SYSTEM_NAMES) yaml.setIn(["systems", name, "pace"], systems);
  if (erpPageSize) yaml.setIn(["systems", "erp", "config", "pageSize"], erpPageSize);
  if (takeOverAfter) yaml.setIn(["takeOverAfter"], takeOverAfter);
}
