import { isDecimal } from "./decimal.ts";
import type { Reason } from "./reason.ts";
import { Refusal } from "./refusal.ts";

type At = { operation: string } & Partial<Reason>;

/** What will happen to the next order that it fits, instead of everything going well. */
export type Course = {
  /** Only for this order, or for orders of this item; absent: the next one. */
  workOrder?: string;
  item?: string;
  refuse?: Reason;
  refuseUpdate?: Reason;
  refuseHold?: Reason;
  refuseResume?: Reason;
  refuseCancel?: Reason;
  scrap?: (At & { quantity: string })[];
  /** `scrap`: how much of it is lost in the end. */
  rework?: (At & { quantity: string; scrap?: string })[];
  inspections?: (At & {
    verdict?: "pass" | "fail" | "conditional";
    value?: string;
    characteristic?: string;
  })[];
  /** A hold by lot, by serial number, or by quantity alone. */
  holds?: (At & { by?: "lot" | "serial" | "quantity"; quantity?: string })[];
  downtimes?: (At & { minutes: number })[];
  corrections?: (At & { good?: string; scrap?: string; rework?: string; afterMinutes?: number })[];
  consumptionCorrections?: (At & { item: string; quantity: string; afterMinutes?: number })[];
  /** Calendar days it begins later than planned. */
  delayDays?: number;
  /** Pieces made beyond what was ordered. */
  extra?: string;
};

const REASONS = ["refuse", "refuseUpdate", "refuseHold", "refuseResume", "refuseCancel"] as const;
const LISTS = {
  scrap: ["quantity"],
  rework: ["quantity"],
  inspections: [],
  holds: [],
  downtimes: ["minutes"],
  corrections: [],
  consumptionCorrections: ["item", "quantity"],
} as const;
const AMOUNTS = ["quantity", "scrap", "good", "rework", "value"] as const;

/** Reads a course; a word misspelt in it would make a test prove nothing. */
export function readCourse(body: Record<string, unknown>): Course {
  for (const [name, value] of Object.entries(body)) {
    if (name === "workOrder" || name === "item") expectThat(typeof value === "string", name, "a text");
    else if ((REASONS as readonly string[]).includes(name)) expectReason(value, name);
    else if (name === "delayDays") expectThat(Number.isFinite(value), name, "a number of days");
    else if (name === "extra") expectThat(isDecimal(value), name, "decimal text");
    else if (Object.hasOwn(LISTS, name)) expectList(value, name as keyof typeof LISTS);
    else throw new Refusal(422, "unknown-course", `${name} is nothing a course can say`, name);
  }
  return body as Course;
}

function expectList(value: unknown, name: keyof typeof LISTS): void {
  expectThat(Array.isArray(value), name, "an array");
  for (const [n, item] of (value as Record<string, unknown>[]).entries()) {
    expectThat(typeof item?.["operation"] === "string", `${name}/${n}/operation`, "a text");
    for (const needed of LISTS[name])
      expectThat(item[needed] !== undefined, `${name}/${n}/${needed}`, "given");
    for (const amount of AMOUNTS)
      if (item[amount] !== undefined)
        expectThat(isDecimal(item[amount]), `${name}/${n}/${amount}`, "decimal text");
  }
}

function expectReason(value: unknown, name: string): void {
  const { code, message } = (value ?? {}) as Partial<Reason>;
  expectThat(typeof code === "string" && typeof message === "string", name, "{code, message}");
}

function expectThat(holds: boolean, field: string, what: string): void {
  if (!holds) throw new Refusal(422, "invalid-course", `${field} must be ${what}`, field);
}

export function fits(course: Course, order: { workOrder: string; item: string }): boolean {
  return (
    (course.workOrder === undefined || course.workOrder === order.workOrder) &&
    (course.item === undefined || course.item === order.item)
  );
}
