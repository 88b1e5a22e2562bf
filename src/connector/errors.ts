export const ERRORS = {
  CONNECTOR_INVALID:
    "A connector's folder is not what the contract asks for: correct its index.ts as the message says.",
} as const;

export class ConnectorError extends Error {
  override readonly name = "ConnectorError";
  readonly code: keyof typeof ERRORS;

  constructor(code: keyof typeof ERRORS, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
