import type { Answer } from "../../api/query.ts";

export type ProcessAnswer = Answer<"/v1/processes/{process}">;
export type Phase = ProcessAnswer["phases"][number];
