/*
 * Sign-in by OpenID Connect: authorization code with PKCE. The browser goes to the provider with a state that is kept here and
 * in a cookie of that browser, and comes back with a code; the hub changes the code for an ID token, itself, and believes that.
 */
import * as client from "openid-client";

import type { Pool } from "../../db/pool.ts";
import type { ProviderConfig } from "../config.ts";
import { AccessError } from "../errors.ts";
import { secretHash } from "../secret.ts";
import { type Identity, identityOf } from "./claims.ts";
import { insertAttempt, takeAttempt } from "./queries.ts";

const ATTEMPT_MS = 10 * 60_000;
const TIMEOUT_SECONDS = 10;

export class Provider {
  readonly #config: ProviderConfig;
  readonly #pool: Pool;
  readonly #redirectUri: string;
  #found: Promise<client.Configuration> | undefined;

  constructor(config: ProviderConfig, pool: Pool, publicUrl: string) {
    this.#config = config;
    this.#pool = pool;
    this.#redirectUri = new URL("/v1/sign-in/callback", publicUrl).href;
  }

  get issuer(): string {
    return this.#config.issuer;
  }

  /** @returns where to send the browser, and the state that it must bring back in a cookie */
  async begin(returnTo: string): Promise<{ url: string; state: string }> {
    const found = await this.#discover();
    const verifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    await insertAttempt(this.#pool, secretHash(state), { verifier, nonce, returnTo }, ATTEMPT_MS);
    const url = client.buildAuthorizationUrl(found, {
      redirect_uri: this.#redirectUri,
      scope: this.#config.scopes.join(" "),
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
    return { url: url.href, state };
  }

  /**
   * @param query the provider's answer, as the browser brought it
   * @param state from the browser's cookie: an answer that somebody else began is not taken
   * @throws AccessError SIGN_IN_PROVIDER or SIGN_IN_REFUSED
   */
  async finish(query: string, state: string | undefined): Promise<{ identity: Identity; returnTo: string }> {
    const attempt = state === undefined ? undefined : await takeAttempt(this.#pool, secretHash(state));
    if (state === undefined || attempt === undefined)
      throw new AccessError("SIGN_IN_PROVIDER", "this sign-in was not begun here, or took too long");
    const found = await this.#discover();
    const answer = new URL(`${this.#redirectUri}?${query}`);
    const tokens = await client
      .authorizationCodeGrant(found, answer, {
        pkceCodeVerifier: attempt.verifier,
        expectedState: state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
      })
      .catch((cause: unknown) => {
        throw new AccessError(
          "SIGN_IN_PROVIDER",
          `the provider did not confirm the sign-in: ${whyOf(cause)}`,
          {
            cause,
          },
        );
      });
    return {
      identity: identityOf(await this.#claims(found, tokens), this.#config),
      returnTo: attempt.returnTo,
    };
  }

  /** Providers put groups into the ID token, or only answer them when asked. */
  async #claims(
    found: client.Configuration,
    tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
  ): Promise<Record<string, unknown>> {
    const claims = tokens.claims()!;
    const { accountClaim, groupsClaim } = this.#config;
    if (groupsClaim in claims && accountClaim in claims) return claims;
    if (found.serverMetadata().userinfo_endpoint === undefined) return claims;
    try {
      return { ...(await client.fetchUserInfo(found, tokens.access_token, claims.sub)), ...claims };
    } catch (cause) {
      throw new AccessError("SIGN_IN_PROVIDER", `the provider does not tell who it is: ${whyOf(cause)}`, {
        cause,
      });
    }
  }

  /** Found once it answers: a provider that is away when the hub starts keeps nobody else out. */
  #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#config;
    this.#found ??= client
      .discovery(
        new URL(issuer),
        clientId,
        undefined,
        clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret),
        // Plain HTTP is for trying it out on one machine; the configuration's check allows no other.
        {
          timeout: TIMEOUT_SECONDS,
          execute: issuer.startsWith("http://") ? [client.allowInsecureRequests] : [],
        },
      )
      .catch((cause: unknown) => {
        this.#found = undefined;
        throw new AccessError("SIGN_IN_PROVIDER", `the provider ${issuer} does not answer: ${whyOf(cause)}`, {
          cause,
        });
      });
    return this.#found;
  }
}

/** The protocol's own word for it; descriptions may quote what should stay between the two. */
function whyOf(cause: unknown): string {
  const { error, code } = cause as { error?: unknown; code?: unknown };
  return String(error ?? code ?? (cause as Error).name);
}
