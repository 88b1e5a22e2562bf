import type { QUANTITY_ERRORS } from "./errors.ts";

export class QuantityError extends Error {
  override readonly name = "QuantityError";
  readonly code: keyof typeof QUANTITY_ERRORS;

  constructor(code: keyof typeof QUANTITY_ERRORS, message: string) {
    super(message);
    this.code = code;
  }
}
