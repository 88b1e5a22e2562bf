export * from "./contract.ts";
export { entriesOf } from "./page.ts";
/** The payloads of effects and the data of events, by type, as the schemas in contracts/ say them. */
export type { EffectPayload, EventData } from "../contract/generated.ts";
