import type { Answer } from "../../api/query.ts";

export type SystemAnswer = Answer<"/v1/systems/{system}">;
