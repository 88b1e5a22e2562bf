import type { Shift } from "./calendar.ts";
import { Refusal } from "./refusal.ts";

/** How the MES behaves while nothing is wrong with it. Kept across restarts and restores. */
export type Settings = {
  clientId: string;
  clientSecret: string;
  tokenSeconds: number;
  /** A second message with the same reference is answered as a duplicate. */
  uniqueReference: boolean;
  /** Looks by reference do not show what is younger than this, in real time. */
  readLagMs: number;
  /** Looks by reference do not show what has been looked for less often than this. */
  readLagReads: number;
  webhookUrl: string | null;
  webhookSecret: string;
  /** The first wait after a webhook was not taken, doubled each time. */
  webhookBackoffMs: number;
  /** How long the plant takes to answer a message, in its own time. */
  decideMinutes: number;
  /** The floor works orders off by itself; without, only what people report happens. */
  autonomous: boolean;
  /** In how many parts an operation is reported. */
  reportsPerOperation: number;
  /** What is used up is counted and reported; without, the plant leaves that to the ERP. */
  reportsConsumption: boolean;
  /** Share of pieces that become scrap without a course saying so, decimal text. */
  scrapRate: string;
  /** Where an order does not say: set-up, and time for one piece. */
  setupMinutes: number;
  minutesPerPiece: number;
  timeZone: string;
  /** None: the plant works always. */
  shifts: Shift[];
  holidays: string[];
  /** The plant's work centres; null: any that an order names. */
  workCenters: string[] | null;
  /** Begins the numbers the plant gives to lots, serials, holds and inspections. */
  numberPrefix: string;
};

const weekdays = ["mon", "tue", "wed", "thu", "fri"] as const;

const COMMON = {
  clientId: "interlock",
  tokenSeconds: 3600,
  uniqueReference: true,
  readLagMs: 0,
  readLagReads: 0,
  webhookUrl: null,
  webhookBackoffMs: 200,
  decideMinutes: 0,
  autonomous: true,
  reportsPerOperation: 2,
  reportsConsumption: true,
  scrapRate: "0",
  setupMinutes: 10,
  minutesPerPiece: 5,
  holidays: [],
  workCenters: null,
};

export const DEFAULT_SETTINGS: Readonly<Record<"lyon" | "brno", Settings>> = {
  lyon: {
    ...COMMON,
    clientSecret: "lyon-plant-secret",
    webhookSecret: "whsec_bHlvbi1wbGFudC13ZWJob29rLXNlY3JldC0wMDAx",
    timeZone: "Europe/Paris",
    shifts: [{ days: [...weekdays], from: "06:00", to: "22:00" }],
    numberPrefix: "LY",
  },
  brno: {
    ...COMMON,
    clientSecret: "brno-plant-secret",
    webhookSecret: "brno-plant-webhook-key-0001",
    timeZone: "Europe/Prague",
    shifts: [
      { days: [...weekdays, "sat"], from: "05:30", to: "13:30" },
      { days: [...weekdays], from: "13:30", to: "21:30" },
    ],
    numberPrefix: "BR",
  },
};

/** The settings with some of them changed; refuses a name or a kind of value that does not exist. */
export function changeSettings(settings: Settings, body: Record<string, unknown>): Settings {
  for (const [name, value] of Object.entries(body))
    if (!Object.hasOwn(settings, name) || !fits(name, value, settings[name as keyof Settings]))
      throw new Refusal(
        422,
        "invalid-setting",
        `${name} is not a setting, or what was given not its kind of value`,
        name,
      );
  return { ...settings, ...body } as Settings;
}

function fits(name: string, value: unknown, present: unknown): boolean {
  if (name === "webhookUrl") return value === null || typeof value === "string";
  if (name === "workCenters") return value === null || isTexts(value);
  if (name === "holidays") return isTexts(value);
  if (name === "shifts") return Array.isArray(value) && value.every(isShift);
  if (name === "timeZone") return isZone(value);
  if (typeof present === "number") return Number.isFinite(value) && (value as number) >= 0;
  return typeof value === typeof present;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function isShift(value: unknown): boolean {
  const { days, from, to } = (value ?? {}) as Partial<Shift>;
  const times = [from, to].every((time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(String(time)));
  return isTexts(days) && times;
}

function isZone(value: unknown): boolean {
  try {
    Intl.DateTimeFormat("en", { timeZone: String(value) });
    return typeof value === "string";
  } catch {
    return false;
  }
}
