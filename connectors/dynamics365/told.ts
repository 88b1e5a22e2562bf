import type { Row } from "./client.ts";

/** The payload of a business event. */
export type BusinessEvent = Row;

/** One message to be made of an event: what it is about, and the records it leads to. */
export type Told = { readonly part: string; readonly object: string } & Readonly<Record<string, unknown>>;
