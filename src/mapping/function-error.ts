import type { FUNCTION_ERRORS } from "./errors.ts";

/** Thrown by the functions added to JSONata; JSONata itself adds where in the mapping it happened. */
export class MappingFunctionError extends Error {
  override readonly name = "MappingFunctionError";
  readonly code: keyof typeof FUNCTION_ERRORS;
  /** The argument that was at fault: the message's field is found by it. */
  readonly value: unknown;

  constructor(code: keyof typeof FUNCTION_ERRORS, message: string, value: unknown) {
    super(message);
    this.code = code;
    this.value = value;
  }
}
