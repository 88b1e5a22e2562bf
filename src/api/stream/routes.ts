import { once } from "node:events";
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { clearInterval, setInterval } from "node:timers";

import { Type } from "typebox";

import type { LedgerEvent } from "../../event/envelope.ts";
import { selectHeadSeq } from "../../ledger/queries.ts";
import { showEvent } from "../events/event.ts";
import { Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { isInScope, type Scope, scopeOf } from "../scope.ts";
import { strictObject, text, wholeNumber } from "../schema.ts";

/** Below the minute after which proxies take a silent connection for dead. */
const HEARTBEAT_MS = 15_000;
const READERS_LIMIT = 200;

const DESCRIPTION = `Server-sent events: \`id\` is the ledger position, \`event\` the type, \`data\` the CloudEvent as GET /v1/events shows it.
After a break send the last \`id\` as \`Last-Event-ID\` (browsers do): nothing is skipped, nothing repeated. A reader that is
slower than the ledger is waited for. A comment comes every ${HEARTBEAT_MS / 1000} s when nothing happens.`;

export default defineRoutes((api, { pool, tail, metrics, log }) => {
  const readers = new Set<AbortController>();
  api.addHook("preClose", async () => {
    for (const reader of readers) reader.abort();
  });

  api.get(
    "/v1/events/stream",
    {
      config: { access: "event.read" },
      schema: {
        tags: ["events"],
        summary: "Follow the ledger",
        description: DESCRIPTION,
        produces: ["text/event-stream"],
        querystring: strictObject({
          after: Type.Optional(
            wholeNumber("Begin behind this position; 0: at the beginning. Absent: with what comes now."),
          ),
          correlation: Type.Optional(text("Only events with this root object.")),
          object: Type.Optional(text("Only events about this object.")),
          type: Type.Optional(text("Only events of this type.")),
        }),
        headers: Type.Object({ "last-event-id": Type.Optional(wholeNumber("The last `id` that was read.")) }),
      },
    },
    async (request, reply) => {
      const { query, headers } = request;
      if (readers.size >= READERS_LIMIT) {
        const detail = `${READERS_LIMIT} readers follow the ledger on this hub already`;
        throw new Problem(503, "NOT_READY", detail, { retryAfterSeconds: 10 });
      }
      const position = headers["last-event-id"] ?? query.after;
      const after = position === undefined ? await selectHeadSeq(pool) : Number(position);
      const scope = scopeOf(request);
      const gone = new AbortController();
      reply.raw.once("close", () => gone.abort());
      // Taken over from Fastify, so headers it would have added are written here.
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        "content-type": "text/event-stream",
        "x-accel-buffering": "no",
      });
      metrics.set("stream.open", readers.add(gone).size);
      const heartbeat = setInterval(() => reply.raw.write(":\n\n"), HEARTBEAT_MS);
      try {
        // Whoever connects sees at once that the stream stands, and where it begins.
        await send(reply.raw, `retry: 2000\nid: ${after}\n\n`, gone.signal);
        for await (const events of tail.follow(after, gone.signal)) {
          const lines = events.filter((event) => isAsked(event, query, scope)).map(toServerSent);
          // The position moves on over what was not asked for: a resume does not read it again.
          await send(reply.raw, `${lines.join("")}id: ${events.at(-1)!.seq}\n\n`, gone.signal);
        }
      } catch (err) {
        // The reader comes back with its last id; what broke is the hub's to tell.
        if (!gone.signal.aborted)
          log.warn({ event: "stream.broken", err }, "a reader of the ledger was cut off");
      } finally {
        clearInterval(heartbeat);
        readers.delete(gone);
        metrics.set("stream.open", readers.size);
        // Kept alive, the connection would hold up the end of the hub.
        reply.raw.end(() => request.raw.socket.destroySoon());
      }
    },
  );
});

interface Asked {
  readonly correlation?: string;
  readonly object?: string;
  readonly type?: string;
}

function isAsked(event: LedgerEvent, { correlation, object, type }: Asked, scope: Scope): boolean {
  return (
    isInScope(scope, event.plant) &&
    (correlation === undefined || event.correlation === correlation) &&
    (object === undefined || event.subject === object) &&
    (type === undefined || event.type === type)
  );
}

function toServerSent(event: LedgerEvent): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(showEvent(event))}\n\n`;
}

/** Waits until the reader has room for more. */
async function send(to: ServerResponse, text: string, gone: AbortSignal): Promise<void> {
  if (!to.write(text)) await once(to, "drain", { signal: gone });
}
