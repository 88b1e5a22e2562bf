/**
 * How patient the hub is, in the words of interlock.yaml. Days pass in seconds here, and so must the looks; and the simulators
 * answer or have done what they do within a moment, which a company's own systems would not promise.
 */
export type Weather = "fair" | "chaos";

export interface Pace {
  /** Of all systems. */
  readonly systems: Readonly<Record<string, string>>;
  readonly takeOverAfter?: string;
}

const LOOKS = { pollEvery: "300ms" };

export const PACE: Readonly<Record<Weather, Pace>> = {
  fair: { systems: LOOKS },
  // An answer that was lost is looked for after the three times of a call, a hub that was killed is followed after its own.
  chaos: {
    systems: { ...LOOKS, callWithin: "2s", sendWithin: "1s", settleWithin: "1s" },
    takeOverAfter: "4s",
  },
};
