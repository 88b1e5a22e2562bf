import { failureOfError, type HarmlessFailure, type Response } from "./answer-class.ts";
import type { DynamicsConfig } from "./config.ts";

export type Token = {
  readonly value: string;
  /** Epoch ms from which on it is not used any more. */
  readonly usableUntil: number;
  /** Fetched because the one before was refused, and not accepted yet. */
  onTrial: boolean;
};

type Fetch = (form: string, signal: AbortSignal) => Promise<Response>;

/**
 * Holds the access token: fetched when a call needs one, by one request however many calls wait for it. One refused
 * token is dropped and costs a retry; when its successor is refused too, the application is not registered in the ERP.
 */
export class TokenKeeper {
  readonly #form: string;
  readonly #fetch: Fetch;
  #token: Token | undefined;
  #fetching: Promise<Token | HarmlessFailure> | undefined;
  #suspect = false;

  constructor({ clientId, clientSecret, baseUrl }: DynamicsConfig, fetch: Fetch) {
    this.#form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      // A slash behind the host would be another resource.
      scope: `${baseUrl.replace(/\/+$/, "")}/.default`,
    }).toString();
    this.#fetch = fetch;
  }

  async current(signal: AbortSignal): Promise<Token | HarmlessFailure> {
    if (this.#token && Date.now() < this.#token.usableUntil) return this.#token;
    this.#fetching ??= this.#renew(signal).finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  accepted(token: Token): void {
    token.onTrial = false;
    this.#suspect = false;
  }

  /** Without a token: a part of a batch whose envelope was accepted. */
  refused(token: Token | undefined): HarmlessFailure {
    if (token === undefined || this.#token === token) this.#token = undefined;
    if (token?.onTrial)
      return {
        class: "auth",
        why: "two access tokens in a row were refused: register the application in the ERP and give its user the roles of README.md",
        status: "401",
      };
    this.#suspect = true;
    return {
      class: "retry",
      why: "the access token was refused, the next call fetches another",
      status: "401",
    };
  }

  async #renew(signal: AbortSignal): Promise<Token | HarmlessFailure> {
    let response: Response;
    try {
      response = await this.#fetch(this.#form, signal);
    } catch (error) {
      // The write has not begun: a lost token answer costs nothing but time.
      return { class: "retry", why: `no access token: ${failureOfError(error, true).why}` };
    }
    const { status, body, retryAfterMs } = response;
    const { access_token: value, expires_in: life, error } = (body ?? {}) as Record<string, unknown>;
    // Some of its documentation shows the number as text.
    const lifeMs = Number(numberOf(life)) * 1000;
    if (status === 200 && typeof value === "string" && lifeMs > 0) {
      // Not used in its last tenth, so that it does not die on the way.
      const usableUntil = Date.now() + lifeMs - Math.min(60_000, lifeMs / 10);
      return (this.#token = { value, usableUntil, onTrial: this.#suspect });
    }
    const told = { status: typeof error === "string" ? `${status} ${error.slice(0, 70)}` : String(status) };
    if (status === 400 || status === 401 || status === 403)
      return {
        class: "auth",
        why: `the token endpoint refused tenant, clientId or clientSecret with ${told.status}`,
        ...told,
      };
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { class: "retry", why: `the token endpoint answered ${status}`, ...wait, ...told };
  }
}

function numberOf(life: unknown): unknown {
  return typeof life === "object" && life !== null ? (life as { rawJSON?: unknown }).rawJSON : life;
}
