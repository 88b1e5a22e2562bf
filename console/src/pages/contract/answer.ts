import type { Answer } from "../../api/query.ts";

export type ContractAnswer = Answer<"/v1/contracts/{kind}/{name}/{major}">;
export type Party = ContractAnswer["producers"][number];
