import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";

const TRIES = 3;
const BACK_OFF_MS = 200;
const ANSWER_WITHIN_MS = 15_000;

interface Access {
  readonly url: string;
  readonly tokenPath: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- each script knows the interface it speaks to
  readonly body: any;
}

/** Nothing came of three tries: the system is away. A refusal is an answer, and no error. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** One system's interface: signs in, and tries each call three times, waiting twice as long each time. */
export class Endpoint {
  readonly #access: Access;
  #token: string | undefined;

  constructor(access: Access) {
    this.#access = access;
  }

  /** @throws Unreachable */
  async call(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<Answer> {
    let why = "";
    for (let tried = 0; tried < TRIES; tried++) {
      if (tried > 0) await delay(BACK_OFF_MS * 2 ** tried);
      try {
        this.#token ??= await this.#signIn();
        const answer = await this.#send(method, path, JSON.stringify(body), {
          "content-type": "application/json",
          authorization: `Bearer ${this.#token}`,
        });
        if (answer.status === 401) this.#token = undefined;
        else if (answer.status !== 429 && answer.status < 500) return answer;
        why = `${method} ${path} was answered ${answer.status}`;
      } catch (error) {
        why = `${method} ${path}: ${(error as Error).message}`;
      }
    }
    throw new Unreachable(why);
  }

  async #signIn(): Promise<string> {
    const { clientId, clientSecret, tokenPath } = this.#access;
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${this.#access.url}/.default`,
    });
    const { status, body } = await this.#send("POST", tokenPath, form.toString(), {
      "content-type": "application/x-www-form-urlencoded",
    });
    if (status !== 200) throw new Error(`signing in was answered ${status}`);
    return body.access_token as string;
  }

  async #send(
    method: "GET" | "POST" | "PATCH",
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const answer = await request(this.#access.url + path, {
      method,
      headers,
      signal,
      ...(body !== undefined && { body }),
    });
    const text = await answer.body.text();
    try {
      return { status: answer.statusCode, body: JSON.parse(text) as unknown };
    } catch {
      return { status: answer.statusCode, body: text };
    }
  }
}
