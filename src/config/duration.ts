const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration as people write it in interlock.yaml: 500ms, 90s, 15m, 4h, 2d. */
export const DURATION = "^[1-9][0-9]{0,5}(ms|[smhd])$";

/** Milliseconds of a duration that matches DURATION. */
export function durationMs(text: string): number {
  const [, count, unit] = /^(\d+)(\D+)$/.exec(text)!;
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}
