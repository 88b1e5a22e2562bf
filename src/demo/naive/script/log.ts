/** What the scripts leave for whoever looks for a reason afterwards. */
export function log(line: string): void {
  process.stdout.write(`${line}\n`);
}
