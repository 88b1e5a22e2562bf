import { Refusal } from "./refusal.ts";

/** How the ERP behaves while nothing is wrong with it. Kept across restarts and restores. */
export type Settings = {
  companyId: string;
  clientId: string;
  clientSecret: string;
  tokenSeconds: number;
  maxPageSize: number;
  /** A second write through OData or a service with a reference that was used is refused. */
  uniqueReference: boolean;
  /** Reads that filter by ILKReference do not show what is younger than this. */
  readLagMs: number;
  /** Reads that filter by ILKReference do not show what has been looked for less often than this. */
  readLagReads: number;
  queueDelayMs: number;
  queueRetryMs: number;
  /** How often the ERP looks at what is due: messages, planned orders, purchases. */
  tickMs: number;
  /** Journal names that messages may use; empty: any. Several are separated by a comma. */
  journalNames: string;
  /** What stock and supply do not cover is planned by itself; without, planners release what they want. */
  autoPlan: boolean;
  /** Planned orders are released by themselves, so many minutes of the ERP's clock after they were planned. */
  autoRelease: boolean;
  releaseAfterMinutes: number;
  /** Purchased material comes by itself on its expected date. */
  autoReceivePurchases: boolean;
  autoInvoice: boolean;
  /** A price that deviates more than this from the ERP's own fails its check. */
  priceTolerancePercent: number;
  businessEventUrl: string;
  businessEventKey: string;
  pushRetryMs: number;
};

export const DEFAULT_SETTINGS: Settings = {
  companyId: "usmf",
  clientId: "interlock",
  clientSecret: "dynamics-secret",
  tokenSeconds: 3599,
  maxPageSize: 10_000,
  uniqueReference: true,
  readLagMs: 0,
  readLagReads: 0,
  queueDelayMs: 20,
  queueRetryMs: 50,
  tickMs: 20,
  journalNames: "",
  autoPlan: true,
  autoRelease: true,
  releaseAfterMinutes: 0,
  autoReceivePurchases: true,
  autoInvoice: true,
  priceTolerancePercent: 5,
  businessEventUrl: "",
  businessEventKey: "",
  pushRetryMs: 1000,
};

/** The settings with some of them changed; refuses a name or a kind of value that does not exist. */
export function changeSettings(settings: Settings, body: Record<string, unknown>): Settings {
  for (const [name, value] of Object.entries(body)) {
    const wanted = Object.hasOwn(DEFAULT_SETTINGS, name)
      ? typeof DEFAULT_SETTINGS[name as keyof Settings]
      : "";
    const fits =
      typeof value === wanted && (wanted !== "number" || ((value as number) >= 0 && Number.isFinite(value)));
    if (!fits || (name === "companyId" && value === ""))
      throw new Refusal("InvalidSetting", `${name} is not a setting, or its value is of another kind`, {
        field: name,
      });
  }
  return { ...settings, ...body };
}
