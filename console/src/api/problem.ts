/** What the API says when it refuses or fails, RFC 9457. `status` 0: the hub was not reached. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly remedy: string | undefined;
  readonly errors: readonly FieldProblem[];

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? `The hub answered ${status}`);
    this.status = status;
    this.code = body.code ?? "UNKNOWN";
    this.title = body.title ?? "That did not work";
    this.remedy = body.remedy;
    this.errors = body.errors ?? [];
  }

  /** Whether asking again may help: the hub is away, busy or has failed. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

interface ProblemBody {
  readonly code?: string | undefined;
  readonly title?: string | undefined;
  readonly detail?: string | undefined;
  readonly remedy?: string | undefined;
  readonly errors?: readonly FieldProblem[] | undefined;
}
