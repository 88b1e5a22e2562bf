/** How many leases deciding is spread over. Stored with every instance: it never changes. */
export const PARTITIONS = 16;

/** The partition of an instance: FNV-1a over its process and key, the same on every hub. */
export function partitionOf(process: string, key: string): number {
  let hash = 0x811c9dc5;
  const text = `${process}/${key}`;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % PARTITIONS;
}

/** The lease of a partition: `process:07`. */
export function partitionLease(partition: number): string {
  return `process:${String(partition).padStart(2, "0")}`;
}
