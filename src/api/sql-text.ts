/** SQL of an instant inside JSON, in the form in which the driver reads a column: RFC 3339, UTC. Null stays null. */
export function instantText(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
