import type { Answer } from "../../api/query.ts";
import type { paths } from "../../api/schema.d.ts";

export type CaseAnswer = Answer<"/v1/cases/{id}">;

/** What can be asked for. */
export type CaseRequest =
  paths["/v1/cases/{id}/actions"]["post"]["requestBody"]["content"]["application/json"];

/** What a case tells: in words what happened and what would make it pass, and beside them the evidence. */
export interface Detail {
  readonly happened?: string;
  readonly remedy?: string;
  readonly evidence?: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}
