import createClient from "openapi-fetch";

import { ApiProblem } from "./problem.ts";
import type { components, paths } from "./schema.d.ts";

/** Every call of the console goes through here: the public API with its session cookie, and nothing else. */
export const client = createClient<paths>({ baseUrl: window.location.origin, credentials: "same-origin" });

/** The session's defence against forged requests; `GET /v1/session` tells it, and every change sends it back. */
let csrfToken: string | null | undefined;
export function rememberCsrfToken(token: string | null | undefined): void {
  csrfToken = token;
}

client.use({
  onRequest({ request }) {
    if (request.method !== "GET" && csrfToken) request.headers.set("x-csrf-token", csrfToken);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return response;
    throw new ApiProblem(response.status, await readProblem(response));
  },
  onError({ error }) {
    if (error instanceof ApiProblem || (error as Error).name === "AbortError") return error as Error;
    return new ApiProblem(0, {
      code: "HUB_UNREACHABLE",
      title: "The hub does not answer",
      detail: "The hub could not be reached from this browser.",
      remedy: "The page tries again by itself.",
    });
  },
});

type Problem = components["schemas"]["Problem"];

async function readProblem(response: Response): Promise<Partial<Problem>> {
  try {
    return (await response.json()) as Problem;
  } catch {
    // A proxy in between answers in its own words.
    return { title: `The hub answered ${response.status}`, detail: response.statusText };
  }
}
