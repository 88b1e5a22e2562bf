/** What can go wrong around anchors, and what the audit finds. */
export const ERRORS = {
  ANCHOR_KEY_EXPOSED:
    "The key that signs anchors can be read by other users, so a signature proves nothing. Give the file mode 0600; if others may have read it, begin a new key and say so in your records.",
  ANCHOR_KEY_INVALID: "The key that signs anchors cannot be read. Restore the file from a copy of yours.",
  ANCHOR_FILE_INVALID:
    "A line of the anchor file is not as it was written: its signature or its link to the line before does not hold. Compare it with a copy of yours.",
  AUDIT_TAMPERED:
    "The ledger is not what it was when it was written. The finding names the first place; restore from before it was changed, and find out who could write to the database.",
  REASON_REQUIRED: "What a person does to the audit is kept with a reason. Give one of 1 to 1000 characters.",
} as const;

export type AuditErrorCode = keyof typeof ERRORS;

export class AuditError extends Error {
  override readonly name = "AuditError";
  readonly code: AuditErrorCode;

  constructor(code: AuditErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
