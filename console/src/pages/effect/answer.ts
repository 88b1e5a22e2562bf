import type { Answer } from "../../api/query.ts";

export type EffectAnswer = Answer<"/v1/effects/{reference}">;
