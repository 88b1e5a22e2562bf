/**
 * How patient the hub is, in the words of interlock.yaml. Days pass in seconds here, and so must the looks; and the simulators
 * answer or have done what they do within a moment, which a company's own systems would not promise.
 */
export type Weather = "fair" | "chaos";

export interface Pace {
  /** Of all systems. */
  readonly systems: Readonly<Record<string, string>>;
  readonly takeOverAfter?: string;
  /** Events of the ERP in one look: one that leads to many records, of which one cannot be read, is made all over again. */
  readonly erpPageSize?: number;
}

export const PACE: Readonly<Record<Weather, Pace>> = {
  fair: { systems: { pollEvery: "300ms" } },
  // What a hub that was killed was sending is looked for after the three times of a call, and it is followed after its own.
  chaos: {
    systems: { pollEvery: "500ms", callWithin: "1500ms", sendWithin: "700ms", settleWithin: "500ms" },
    takeOverAfter: "3s",
    erpPageSize: 25,
  },
};
