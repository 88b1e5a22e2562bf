import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";
import { Refusal } from "./refusal.ts";
import type { Settings } from "./settings.ts";

const ORG = "00DHs0000001234MAA";

export type TokenAnswer = { readonly status: number; readonly body: object };

/** Sessions by client credentials. They live in memory: a restart ends them all. */
export class Tokens {
  readonly #clock: Clock;
  readonly #expiry = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Answers the form of the token endpoint, whose errors look otherwise than those of the API. */
  issue(form: string, settings: Settings, url: string, userId: string): TokenAnswer {
    const fields = new URLSearchParams(form);
    if (fields.get("grant_type") !== "client_credentials")
      return refused("unsupported_grant_type", "grant type not supported");
    if (fields.get("client_id") !== settings.clientId)
      return refused("invalid_client_id", "client identifier invalid");
    if (fields.get("client_secret") !== settings.clientSecret)
      return refused("invalid_client", "invalid client credentials");
    const now = Date.now();
    for (const [token, expiry] of this.#expiry) if (expiry <= now) this.#expiry.delete(token);
    const token = `${ORG.slice(0, 15)}!${randomBytes(48).toString("base64url")}`;
    this.#expiry.set(token, now + settings.sessionSeconds * 1000);
    // The product says neither how long a session lives nor how to refresh it.
    const body = {
      access_token: token,
      signature: randomBytes(32).toString("base64"),
      token_format: "opaque",
      instance_url: url,
      id: `${url}/id/${ORG}/${userId}`,
      token_type: "Bearer",
      issued_at: String(this.#clock.now()),
    };
    return { status: 200, body };
  }

  check(authorization: string | undefined): void {
    const token = /^(?:Bearer|OAuth) (.+)$/.exec(authorization ?? "")?.[1] ?? "";
    if ((this.#expiry.get(token) ?? 0) <= Date.now())
      throw new Refusal(401, "INVALID_SESSION_ID", "Session expired or invalid");
  }

  revokeAll(): void {
    this.#expiry.clear();
  }
}

function refused(error: string, description: string): TokenAnswer {
  return { status: 400, body: { error, error_description: description } };
}
