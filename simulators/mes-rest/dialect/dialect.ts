import type { Command, Message } from "../message.ts";
import type { Order } from "../order.ts";
import type { Plant } from "../plant.ts";
import type { Refusal } from "../refusal.ts";
import type { Change } from "../report.ts";

export const OPERATIONS = [
  "release",
  "update",
  "hold",
  "resume",
  "cancel",
  "notify",
  "readMessages",
  "readOrder",
  "readChanges",
] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** What a request asks for. */
export type Asked = {
  operation: OperationName;
  workOrder?: string;
  reference?: string;
  after?: string;
  limit?: string;
};

export type Request = {
  method: string;
  /** Decoded, without the query. */
  path: string;
  query: URLSearchParams;
  body: unknown;
};

/** One vendor's product: its paths, its words, its way to write times and amounts, its signature. */
export interface Dialect {
  readonly tokenPath: string;
  /** The field of a body that carries the sender's reference. */
  readonly referenceField: string;
  readonly contentType: string;
  /** Undefined: nothing here. */
  route(request: Request): Asked | undefined;
  /** @throws Refusal */
  readCommand(plant: Plant, asked: Asked, body: unknown): Command;
  writeTaken(message: Message, order: Order | undefined): unknown;
  writeOrder(plant: Plant, order: Order): unknown;
  writeMessages(messages: readonly Message[]): unknown;
  writeChanges(plant: Plant, page: readonly Change[], next: number, head: number): unknown;
  writeChange(plant: Plant, change: Change): unknown;
  writeRefusal(refusal: Pick<Refusal, "status" | "code" | "message" | "field">): unknown;
  /** The headers of a webhook, its signature among them. */
  sign(secret: string, id: string, seconds: number, body: string): Record<string, string>;
}
