import type { EffectPayload } from "../../src/connector/index.ts";

export type PostOrderComment = EffectPayload["PostOrderComment.v1"];
export type UpsertAsset = EffectPayload["UpsertAsset.v1"];

/** All that is told of one order goes out in order, comments too: they are read one below the other. */
export const orderLane = ({ salesOrder }: { readonly salesOrder: string }): string =>
  `salesOrder/${salesOrder}`;
export const caseLane = ({ serviceCase }: { readonly serviceCase: string }): string =>
  `serviceCase/${serviceCase}`;
export const assetLane = ({ asset }: { readonly asset: string }): string => `asset/${asset}`;
