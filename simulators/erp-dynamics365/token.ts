import { randomBytes } from "node:crypto";
import { Refusal } from "./refusal.ts";
import type { Settings } from "./settings.ts";

/** Thrown where no valid token came with a request: 401, before anything was done. */
export class Unauthorized extends Error {}

/** Access tokens by client credentials. They live in memory: a restart ends them all. */
export class Tokens {
  readonly #expiry = new Map<string, number>();

  issue(form: string, settings: Settings): object {
    const fields = new URLSearchParams(form);
    if (fields.get("grant_type") !== "client_credentials")
      throw new Refusal(
        "unsupported_grant_type",
        "AADSTS70003: The app requested an unsupported grant type.",
      );
    if (!fields.get("scope")?.endsWith("/.default") && !fields.get("resource"))
      throw new Refusal("invalid_scope", "AADSTS1002012: The provided value for scope is not valid.");
    if (fields.get("client_id") !== settings.clientId)
      throw new Refusal("unauthorized_client", "AADSTS700016: Application was not found in the directory.");
    if (fields.get("client_secret") !== settings.clientSecret)
      throw new Refusal("invalid_client", "AADSTS7000215: Invalid client secret provided.", { status: 401 });
    const now = Date.now();
    for (const [token, expiry] of this.#expiry) if (expiry <= now) this.#expiry.delete(token);
    const token = `eyJ0eXAiOiJKV1QifQ.${randomBytes(24).toString("base64url")}.sim`;
    this.#expiry.set(token, now + settings.tokenSeconds * 1000);
    const { tokenSeconds } = settings;
    return {
      token_type: "Bearer",
      expires_in: tokenSeconds,
      ext_expires_in: tokenSeconds,
      access_token: token,
    };
  }

  check(authorization: string | undefined): void {
    const token = authorization?.startsWith("Bearer ") ? authorization.slice(7) : "";
    if ((this.#expiry.get(token) ?? 0) <= Date.now()) throw new Unauthorized();
  }

  revokeAll(): void {
    this.#expiry.clear();
  }
}
