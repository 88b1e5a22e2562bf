import type { Endpoint } from "./endpoint.ts";
import type { ProductionOrder } from "./production-order.ts";

/** What a plant reports, in one form for both vendors; only what the ERP is to hear of. */
export type Report =
  | { readonly what: "started" | "finished"; readonly order: string }
  | {
      readonly what: "made";
      readonly order: string;
      readonly operation: number;
      readonly hours: number;
      readonly good: number;
      readonly scrap: number;
      readonly last: boolean;
      /** Finished pieces, where the operation is the one that counts. */
      readonly lots: readonly { readonly lot: string; readonly quantity: number }[];
    }
  | {
      readonly what: "used";
      readonly order: string;
      readonly item: string;
      readonly quantity: number;
      readonly lot: string | undefined;
    }
  | {
      readonly what: "held";
      readonly item: string;
      readonly lot: string;
      readonly quantity: number;
      readonly hold: string;
    }
  | { readonly what: "refused"; readonly order: string; readonly reason: string };

/** One vendor's interface. */
export interface Plant {
  readonly endpoint: Endpoint;
  /** The ERP's warehouse its goods go into. */
  readonly warehouse: string;
  readonly writeOrder: (order: ProductionOrder) => { readonly path: string; readonly body: object };
  /** The message's own id, and what of it the ERP is to hear. */
  readonly readReport: (message: unknown) => {
    readonly id: string;
    readonly report: Report | undefined;
  };
}
