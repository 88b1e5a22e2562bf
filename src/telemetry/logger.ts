/**
 * Structured logs: one JSON object per line, `event` names what happened (`effect.parked`), `correlation`, `causation` and
 * `traceparent` say in which story. Business content and secrets never get here: callers log ids and codes, and what slips
 * through is taken out below.
 */
import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";

export type { Logger };

export interface LogSettings {
  /** `trace`, `debug`, `info` (default), `warn`, `error` or `silent`. */
  readonly level?: string | undefined;
  /** Which hub speaks: several write into one place. */
  readonly hub?: string;
  /** Where lines go; standard output unless told. */
  readonly to?: DestinationStream;
}

const SECRETS = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "token",
  "accessToken",
  "clientSecret",
  "signature",
];
const CONTENT = ["body", "data", "payload", "raw"];

/** A name is caught at the top and two levels down; pino compiles the paths once. */
const REDACTED = [...SECRETS, ...CONTENT].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export function createLogger({ level = "info", hub, to }: LogSettings = {}): Logger {
  const options: LoggerOptions = {
    level,
    base: hub === undefined ? {} : { hub },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    messageKey: "message",
    redact: { paths: REDACTED, censor: "[left out]" },
    serializers: { err: describeError, error: describeError },
  };
  return to === undefined ? pino(options) : pino(options, to);
}

interface ErrorRecord {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorRecord;
}

/**
 * An error without what it carries beside its words: a database error's `detail` quotes the row, a client's error its
 * request. Passwords in URLs are cut from the words as well.
 */
function describeError(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutPasswords(String(error)) };
  const { code } = error as { code?: unknown };
  return {
    type: error.constructor.name,
    ...(typeof code === "string" ? { code } : {}),
    message: withoutPasswords(error.message),
    ...(error.stack ? { stack: withoutPasswords(error.stack) } : {}),
    ...(error.cause !== undefined && depth < 3 ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

function withoutPasswords(text: string): string {
  return text.replaceAll(/(\w+:\/\/[^\s:/@]*):[^\s@/]+@/g, "$1:[left out]@");
}
