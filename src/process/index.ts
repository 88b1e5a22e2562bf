export * from "./contract.ts";
export type { LedgerEvent, ObjectRef } from "../event/envelope.ts";
