/** Something the order system will not do: the HTTP status, a stable code, a reason and the field at fault. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  /** The order the refusal is about, where there is one. */
  readonly number: string | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    about: { field?: string; number?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = about.field;
    this.number = about.number;
  }

  body(): object {
    return { code: this.code, message: this.message, field: this.field, number: this.number };
  }
}
