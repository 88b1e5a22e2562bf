/** Something the ERP will not do. Nothing was done. How it looks on the wire is the business of each interface. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string;
  /** More for who asked, such as the cost so far of an order that can no longer be cancelled. */
  readonly facts: Record<string, string>;

  constructor(
    code: string,
    reason: string,
    about: { field?: string; status?: number; facts?: Record<string, string> } = {},
  ) {
    super(reason);
    this.code = code;
    this.field = about.field ?? "";
    this.status = about.status ?? 400;
    this.facts = about.facts ?? {};
  }
}

export function refuse(code: string, reason: string, field?: string): never {
  throw new Refusal(code, reason, field === undefined ? {} : { field });
}
