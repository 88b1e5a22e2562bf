import { type Static, Type } from "typebox";

import { API_ERRORS } from "./errors.ts";

/** One field of the request that is wrong. */
export interface FieldError {
  /** JSON pointer into the body, or the name of the parameter. */
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemOptions extends ErrorOptions {
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that says no, thrown by a route and sent as RFC 9457 problem. `detail` says what failed, with which value. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string;
  readonly options: ProblemOptions;

  constructor(status: number, code: string, detail: string, options: ProblemOptions = {}) {
    super(detail, options);
    this.status = status;
    this.code = code;
    this.options = options;
  }
}

const FIELD_ERROR = Type.Object({
  pointer: Type.String({ description: "JSON pointer into the body, or the parameter's name." }),
  detail: Type.String(),
});

/** The body of `application/problem+json`; every route may answer it. */
export const PROBLEM = Type.Object({
  type: Type.String({ description: "`urn:interlock:error:<code>`" }),
  title: Type.String({ description: "What the code means." }),
  status: Type.Integer(),
  detail: Type.String({ description: "What failed this time, with which value." }),
  code: Type.String({ description: "Stable; every code is listed in docs/errors.md." }),
  remedy: Type.Optional(Type.String({ description: "What to do now." })),
  errors: Type.Optional(Type.Array(FIELD_ERROR)),
});

export type ProblemBody = Static<typeof PROBLEM>;

/** Every stable error code with its words: what it means, then what to do. */
export type ErrorCatalogue = ReadonlyMap<string, string>;

/** A code's words are two: their first sentence is the title, the rest says what to do. */
export function problemBody(problem: Problem, catalogue: ErrorCatalogue): ProblemBody {
  const words = catalogue.get(problem.code) ?? API_ERRORS.REQUEST_INVALID;
  const end = words.search(/\.( |$)/);
  const remedy = words.slice(end + 1).trim();
  return {
    type: `urn:interlock:error:${problem.code}`,
    title: words.slice(0, end < 0 ? words.length : end),
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    ...(remedy ? { remedy } : {}),
    ...(problem.options.errors?.length ? { errors: [...problem.options.errors] } : {}),
  };
}

export function notFound(what: string, id: string, code = "OBJECT_UNKNOWN"): Problem {
  return new Problem(404, code, `there is no ${what} ${id}`);
}
