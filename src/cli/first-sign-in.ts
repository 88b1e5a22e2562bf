import { Failure } from "./failure.ts";
import { HubClient } from "./hub-client.ts";
import { note } from "./output.ts";

export interface SignInLink {
  readonly account: string;
  readonly path: string;
  readonly expiresAt: string;
}

/** A hub that knows nobody yet offers its first administrator a link that works once. */
export async function offerFirstSignIn(url: string, token: string): Promise<void> {
  const hub = new HubClient(url, token);
  try {
    const { items } = await hub.get<{ items: { kind: string }[] }>("/v1/accounts", { limit: "999" });
    if (items.some(({ kind }) => kind === "person")) return;
    const { path } = await hub.post<SignInLink>("/v1/sign-in-links", {
      role: "admin",
      reason: "the first start: nobody could sign in yet",
    });
    note(
      `nobody can sign in yet; this link lets the first administrator in, once, within half an hour: ${url}${path}`,
    );
  } catch (error) {
    // The hub runs all the same; whoever wants to sign in is told how.
    if (!(error instanceof Failure)) throw error;
    note(`no sign-in link could be made (${error.message}); interlock sign-in-link makes one`);
  }
}
