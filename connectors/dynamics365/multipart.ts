import { parseExact, printExact } from "./exact-json.ts";

/** One write of a changeset. */
export type Part = {
  readonly method: "POST" | "PATCH";
  /** As `recordPath` makes it. */
  readonly path: string;
  readonly etag?: string;
  readonly body: object;
};
type PartAnswer = { readonly status: number; readonly body: unknown };

// JSON escapes every line break, so no body can hold a boundary of its own line.
const BATCH = "batch_interlock";
const CHANGESET = "changeset_interlock";
export const CHANGESET_TYPE = `multipart/mixed; boundary=${BATCH}`;

/** The body of a `$batch` with one changeset. */
export function printChangeset(parts: readonly Part[], prefix: string): string {
  const printed = parts.flatMap(({ method, path, etag, body }, index) => [
    `--${CHANGESET}`,
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    `Content-ID: ${index + 1}`,
    "",
    `${method} ${prefix}${path}?cross-company=true HTTP/1.1`,
    "Content-Type: application/json",
    ...(etag === undefined ? [] : [`If-Match: ${etag}`]),
    "",
    printExact(body),
  ]);
  return [
    `--${BATCH}`,
    `Content-Type: multipart/mixed; boundary=${CHANGESET}`,
    "",
    ...printed,
    `--${CHANGESET}--`,
    `--${BATCH}--`,
    "",
  ].join("\r\n");
}

/** The answers of its parts, or the one answer of a changeset that was refused as a whole; undefined: neither. */
export function readChangeset(text: string, contentType: string): PartAnswer[] | undefined {
  if (!contentType.startsWith("multipart/mixed")) return undefined;
  // The status line of each part, wherever it is nested; a body never begins a line with one.
  const answers = text
    .split(/^HTTP\/1\.1 /m)
    .slice(1)
    .map((part) => {
      const status = Number(/^(\d{3})/.exec(part)?.[1] ?? 0);
      const blank = part.search(/\r?\n\r?\n/);
      const body = (blank === -1 ? "" : part.slice(blank)).split(/^--/m)[0]!.trim();
      return { status, body: body === "" ? undefined : parseExact(body) };
    });
  return answers.length > 0 && answers.every(({ status }) => status > 0) ? answers : undefined;
}
