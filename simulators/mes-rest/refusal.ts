/** Something the plant's MES will not do: HTTP status, the product's code, a reason and the field at fault. Nothing was done. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** By the model's own name, such as `quantity` or `operations/0/workCenter`: the dialect says it in its words. */
  readonly field: string | undefined;

  constructor(status: number, code: string, message: string, field?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}
