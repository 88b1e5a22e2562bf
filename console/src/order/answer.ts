import type { Answer } from "../api/query.ts";

/** One order whole, as the API answers it. */
export type OrderAnswer = Answer<"/v1/orders/{id}">;
