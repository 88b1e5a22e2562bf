/**
 * How many entries a connector reads, asked for a share of its page (`Session.read`): at least one.
 * @param pageSize entries of a whole page
 */
export function entriesOf(pageSize: number, share = 1): number {
  return Math.max(1, Math.floor(pageSize * share));
}
