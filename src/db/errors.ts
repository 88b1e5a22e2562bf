import { DatabaseError } from "pg";

/** What can go wrong between Interlock and its database: every stable code, what it means and what to do. */
export const ERRORS = {
  STORE_URL: "The database URL cannot be read. Write it as postgres://user:password@host:5432/database.",
  STORE_UNREACHABLE:
    "No connection to the database could be made, so nothing was done. Check that the server runs and that DATABASE_URL, the user and the password are right.",
  STORE_LOST:
    "The connection to the database broke inside a transaction, which the server rolls back. Do the work again once the database answers.",
  STORE_COMMIT_UNKNOWN:
    "The database's answer to a commit was lost: the transaction may have happened or not. Read what it would have written before doing it again.",
  STORE_ROLLED_BACK:
    "The database rolled back where a commit was asked for, because a statement of the transaction had failed before. Nothing was written.",
  STORE_FULL:
    "The database has no space left on its disk. Free some; writes are accepted again without a restart.",
  STORE_NUMBER: "The database returned a whole number beyond 2^53, which JavaScript cannot hold exactly.",
  STORE_UNSAFE:
    "The database server does not give the guarantees Interlock relies on. Change the named setting and start again.",
  MIGRATION_FILES: "The migration files cannot be read as a series NNNN_name.sql that counts up from 0001.",
  MIGRATION_EDITED:
    "A migration that this database has already run has been changed since. Restore the released file; put the change into a new one.",
  MIGRATION_FAILED:
    "A migration failed and was rolled back. The message names the file, the line and the reason.",
  BINARY_TOO_OLD:
    "The database was migrated by a newer Interlock in a way this version cannot work with. Run the newer version, or restore a backup from before.",
  EMBEDDED_UNSUPPORTED:
    "There is no embedded PostgreSQL for this platform. Set DATABASE_URL to a PostgreSQL of yours.",
  EMBEDDED_ACCOUNT:
    "PostgreSQL does not run as root, and no account to run it as could be used. Create one (useradd --system postgres), or set DATABASE_URL.",
  EMBEDDED_DATA: "The folder of the embedded database cannot be used. The message says which and why.",
  EMBEDDED_START: "The embedded PostgreSQL did not start. The message carries the last lines of its log.",
} as const;

export type StoreErrorCode = keyof typeof ERRORS;

/** A failure of the store with a stable code. Errors of single statements stay what pg throws (`DatabaseError`, SQLSTATE in `code`). */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
  }
}

/**
 * The answer to a commit was lost, so nobody here knows whether it happened. The one failure after which work must not
 * simply be done again: read back what the transaction would have written, or tell the sender to ask again.
 */
export class CommitUnknownError extends StoreError {
  constructor(options?: ErrorOptions) {
    super(
      "STORE_COMMIT_UNKNOWN",
      "the connection to the database broke before it answered a commit; whether it happened must be read back",
      options,
    );
    this.name = "CommitUnknownError";
  }
}

/** The server judged the content (data exception, constraint, limit of a row), as opposed to having no time or no room. */
export function isDataError(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && /^(22|23|54)/.test(error.code ?? "");
}
