import { join } from "node:path";

/** Where Interlock itself lies. */
export const HOME = join(import.meta.dirname, "../..");
