import type { Answer } from "../../api/query.ts";

export type AccountAnswer = Answer<"/v1/accounts/{id}">;
