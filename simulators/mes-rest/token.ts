import { randomBytes } from "node:crypto";
import { Refusal } from "./refusal.ts";
import type { Settings } from "./settings.ts";

/** Access tokens by client credentials. They live in memory: a restart ends them all, as it does in many products. */
export class Tokens {
  readonly #expiry = new Map<string, number>();

  /** Answers the form of a client-credentials request. */
  issue(form: string, settings: Settings): object {
    const fields = new URLSearchParams(form);
    if (fields.get("grant_type") !== "client_credentials")
      throw new Refusal(400, "unsupported_grant_type", "only client_credentials is served here");
    if (
      fields.get("client_id") !== settings.clientId ||
      fields.get("client_secret") !== settings.clientSecret
    )
      throw new Refusal(401, "invalid_client", "client_id or client_secret is wrong");
    const now = Date.now();
    for (const [token, expiry] of this.#expiry) if (expiry <= now) this.#expiry.delete(token);
    const token = randomBytes(24).toString("base64url");
    this.#expiry.set(token, now + settings.tokenSeconds * 1000);
    return { access_token: token, token_type: "Bearer", expires_in: settings.tokenSeconds };
  }

  check(authorization: string | undefined): void {
    const token = authorization?.startsWith("Bearer ") ? authorization.slice(7) : "";
    if ((this.#expiry.get(token) ?? 0) <= Date.now())
      throw new Refusal(
        401,
        "invalid-token",
        "the access token is missing, unknown or expired; nothing was done",
      );
  }

  revokeAll(): void {
    this.#expiry.clear();
  }
}
