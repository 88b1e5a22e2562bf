/** A text as SOQL writes it. Values go into a query only through here. */
export function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}'`;
}

/** A moment as SOQL writes it; the org's own has an offset without a colon. */
export function moment(ms: number): string {
  return new Date(ms).toISOString();
}

/** `2026-11-23T09:38:03.000+0000` as epoch milliseconds; NaN when it is no moment. */
export function instantOf(stamp: unknown): number {
  return typeof stamp === "string" ? Date.parse(stamp.replace(/([+-]\d\d)(\d\d)$/, "$1:$2")) : NaN;
}
