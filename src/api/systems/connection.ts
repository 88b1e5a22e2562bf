import type { Static } from "typebox";

import type { Session } from "../../connector/contract.ts";
import type { TEST } from "./system.ts";

const WITHIN_MS = 15_000;

/**
 * Reads one page of a stream from where it stands and lets it go: the one thing that proves address, network and credentials and
 * changes nothing. No cursor moves, so the engine reads the same page again.
 * @param cursor where the stream stands; undefined: at its beginning
 */
export async function testConnection(
  session: Session | undefined,
  stream: string | undefined,
  cursor: string | undefined,
): Promise<Static<typeof TEST>> {
  if (!session?.read || stream === undefined) {
    const detail = session
      ? "its connector polls nothing; a test by writing would change the system"
      : "nothing is sent to it and nothing is read from it: it pushes";
    return { outcome: "untestable", stream: null, tookMs: null, detail };
  }
  const began = performance.now();
  const told = (outcome: "answered" | "unreachable" | "refused", detail: string) => ({
    outcome,
    stream,
    tookMs: Math.round(performance.now() - began),
    detail,
  });
  try {
    const answer = await session.read(stream, cursor, AbortSignal.timeout(WITHIN_MS));
    if (answer.class === "auth") return told("refused", answer.why);
    if (answer.class === "retry") return told("unreachable", answer.why);
    return told("answered", `${answer.messages.length} messages follow what was read before`);
  } catch (error) {
    const { name, message } = error as Error;
    const silent = name === "TimeoutError" || name === "AbortError";
    return told("unreachable", silent ? `no answer within ${WITHIN_MS / 1000} s` : message.slice(0, 400));
  }
}
