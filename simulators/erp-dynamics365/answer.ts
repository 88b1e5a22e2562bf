import { printExact } from "./exact-json.ts";

export type Headers = Readonly<Record<string, string>>;

export type Request = {
  method: string;
  /** As it came, percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: string;
};

export type Answer = { status: number; headers: Headers; body: string };

export function jsonAnswer(status: number, value: unknown, headers: Headers = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: printExact(value),
  };
}

export function emptyAnswer(status: number, headers: Headers = {}): Answer {
  return { status, headers, body: "" };
}
