import { failureOfError, type HarmlessFailure, type Response } from "./answer-class.ts";
import type { SalesforceConfig } from "./config.ts";

export type Token = {
  readonly value: string;
  /** Fetched because the one before was refused, and not accepted yet. */
  onTrial: boolean;
};

type Fetch = (form: string, signal: AbortSignal) => Promise<Response>;

/**
 * Holds the session: fetched when a call needs one, by one request however many calls wait for it. The org does not
 * say how long it lives, so it is used until it is refused. One refused session costs a retry; when its successor is
 * refused too, a third would not help: the app's rights are wrong.
 */
export class TokenKeeper {
  readonly #form: string;
  readonly #fetch: Fetch;
  #token: Token | undefined;
  #fetching: Promise<Token | HarmlessFailure> | undefined;
  #suspect = false;

  constructor({ clientId, clientSecret }: SalesforceConfig, fetch: Fetch) {
    this.#form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
    }).toString();
    this.#fetch = fetch;
  }

  async current(signal: AbortSignal): Promise<Token | HarmlessFailure> {
    if (this.#token) return this.#token;
    this.#fetching ??= this.#renew(signal).finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  accepted(token: Token): void {
    token.onTrial = false;
    this.#suspect = false;
  }

  refused(token: Token, why: string): HarmlessFailure {
    if (this.#token === token) this.#token = undefined;
    const status = "401 INVALID_SESSION_ID";
    if (token.onTrial)
      return {
        class: "auth",
        why: `two sessions in a row were refused (${why}): check the app's rights`,
        status,
      };
    this.#suspect = true;
    return { class: "retry", why: "the session was refused, the next call opens another", status };
  }

  async #renew(signal: AbortSignal): Promise<Token | HarmlessFailure> {
    let response: Response;
    try {
      response = await this.#fetch(this.#form, signal);
    } catch (error) {
      // The write has not begun: a lost token answer costs nothing but time.
      return { class: "retry", why: `no session: ${failureOfError(error, true).why}` };
    }
    const { status, body, retryAfterMs } = response;
    const { access_token: value, error } = (body ?? {}) as Record<string, unknown>;
    if (status === 200 && typeof value === "string") return (this.#token = { value, onTrial: this.#suspect });
    const told = { status: typeof error === "string" ? `${status} ${error.slice(0, 80)}` : String(status) };
    if (status === 400 || status === 401 || status === 403)
      return {
        class: "auth",
        why: `the token endpoint refused clientId or clientSecret with ${told.status}`,
        ...told,
      };
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { class: "retry", why: `the token endpoint answered ${status}`, ...wait, ...told };
  }
}
