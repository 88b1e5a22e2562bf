/** Something the org will not do, in the product's own words: an HTTP status, an errorCode, a sentence, fields. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly string[] | undefined;

  constructor(status: number, code: string, message: string, fields?: readonly string[]) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** Top-level errors call their code `errorCode`, and come as an array of one. */
  body(): object {
    const { message, code, fields } = this;
    return [{ message, errorCode: code, ...(fields ? { fields } : {}) }];
  }

  /** Within the result of one row of a collection the same thing is called `statusCode`. */
  row(): object {
    return { statusCode: this.code, message: this.message, fields: this.fields ?? [] };
  }
}

export function notFound(message = "The requested resource does not exist"): Refusal {
  return new Refusal(404, "NOT_FOUND", message);
}
