export const CONFIG_ERRORS = {
  PROJECT_INVALID:
    "The project's files are not right. Every problem is named with its file and line; correct them and run `interlock check`.",
  SECRET_INVALID: "The secret cannot be kept so. Correct its name or its length.",
  SECRET_KEY_MISSING:
    "Secrets are kept encrypted, and their key is not there. Set INTERLOCK_SECRET_KEY, or INTERLOCK_SECRET_KEY_FILE to a file that holds it.",
  SECRET_KEY_WRONG:
    "The key is not the one that the kept secrets were encrypted with. Set that one, or keep the secrets anew.",
} as const;

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code: keyof typeof CONFIG_ERRORS;

  constructor(code: keyof typeof CONFIG_ERRORS, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
