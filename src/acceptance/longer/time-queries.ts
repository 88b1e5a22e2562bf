import { request } from "undici";
import { type ApiDescription, sweepApi } from "./api-lists.ts";

const TIMES = 3;
/** What has not answered by then is no page that anybody waits for. */
const WITHIN_MS = 60_000;

export interface QueryTime {
  readonly path: string;
  /** From the request to the last byte, the middle one of three. */
  readonly ms: number;
}

export interface QueryTimes {
  /** Slowest first. */
  readonly answered: readonly QueryTime[];
  /** With their status: a hub that refuses what its own lists show, or fails. */
  readonly refused: readonly string[];
  readonly withoutExample: readonly string[];
}

/** Asks a hub everything that its API can be asked, as a console does: over HTTP, one question at a time. */
export async function timeQueries(
  { url, token }: { readonly url: string; readonly token: string },
  signal: AbortSignal,
): Promise<QueryTimes> {
  const answered = new Map<string, number>();
  const refused = new Set<string>();

  async function once(path: string): Promise<{ ms: number; status: number; body: unknown }> {
    const began = performance.now();
    const answer = await request(`${url}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]),
    });
    if (!/^application\/([a-z]+\+)?json\b/.test(String(answer.headers["content-type"]))) {
      // A stream that does not end, a page, a file.
      answer.body.on("error", () => {}).destroy();
      return { ms: 0, status: answer.statusCode, body: undefined };
    }
    const body = (await answer.body.json()) as unknown;
    return { ms: performance.now() - began, status: answer.statusCode, body };
  }

  async function ask(path: string): Promise<unknown> {
    if (answered.has(path)) return undefined;
    const first = await once(path);
    if (first.body === undefined) return undefined;
    if (first.status >= 300) {
      refused.add(`${first.status} ${path}`);
      return undefined;
    }
    const times = [first.ms];
    while (times.length < TIMES) times.push((await once(path)).ms);
    answered.set(path, times.toSorted((a, b) => a - b)[TIMES >> 1]!);
    return first.body;
  }

  const description = (await once("/v1/openapi.json")).body as ApiDescription;
  const { withoutExample } = await sweepApi(description, ask);
  return {
    answered: [...answered].map(([path, ms]) => ({ path, ms })).toSorted((a, b) => b.ms - a.ms),
    refused: [...refused],
    withoutExample,
  };
}
