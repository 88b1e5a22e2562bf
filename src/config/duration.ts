const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration as people write it in interlock.yaml: 90s, 15m, 4h, 2d. */
export const DURATION = "^[1-9][0-9]{0,5}[smhd]$";

/** Milliseconds of a duration that matches DURATION. */
export function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * UNITS[text.at(-1) as keyof typeof UNITS];
}
