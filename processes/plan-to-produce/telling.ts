/** The words of this process: its cases, and what it watches. */
import type { IntendedCase, IntendedEffect } from "../../src/process/index.ts";
import type { Context } from "./state.ts";

export const HOUR_MS = 3_600_000;
/** Where the plant tells of its work. */
export const PLANT_REPORTS = "mes/OperationCompleted";
/** Where the ERP tells what it has posted. */
export const ERP_POSTINGS = "erp/ProductionConfirmed";

export function aCase(
  kind: string,
  owner: IntendedCase["owner"],
  title: string,
  remedy: string,
): IntendedCase {
  return { kind, owner, title: title.slice(0, 900), remedy: remedy.slice(0, 900) };
}

export function toErp(name: string, type: string, payload: object): IntendedEffect {
  return { name, target: "erp", type, payload };
}

export function toPlant(name: string, type: string, payload: object): IntendedEffect {
  return { name, target: "mes", type, payload };
}

/** The words with which somebody refused. */
export function reasonsOf({ data }: Context["event"]): string {
  const { reasons = [], reason } = data as {
    reasons?: readonly { message: string }[];
    reason?: { message: string } | string;
  };
  const one = typeof reason === "string" ? reason : reason?.message;
  return reasons.map(({ message }) => message).join("; ") || one || "no reason given";
}

/** A refused effect holds its lane in the target: taking it back frees it for what comes after. */
export function referenceOf({ data }: Context["event"]): string {
  return (data as { reference: string }).reference;
}
