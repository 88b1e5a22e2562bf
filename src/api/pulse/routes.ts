import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { clearInterval, setInterval } from "node:timers";

import { selectHeadSeq } from "../../ledger/queries.ts";
import { Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";

const LOOK_MS = 1_000;
/** Below the minute after which proxies take a silent connection for dead. */
const HEARTBEAT_MS = 15_000;
const READERS_LIMIT = 500;

const DESCRIPTION = `Server-sent events for whoever shows what the API answers: \`data: {"head": 4711}\` says how far the ledger is, when it has moved and at
most once a second, however busy it is. What has changed is asked for anew. A comment comes every ${HEARTBEAT_MS / 1000} s when nothing happens. To read the events
themselves, follow GET /v1/events/stream.`;

export default defineRoutes((api, { pool, log }) => {
  const readers = new Set<ServerResponse>();
  let head: number | undefined;
  let looking: NodeJS.Timeout | undefined;
  let lastSaid = 0;

  /** One look for all readers, and none while nobody reads. */
  async function look(): Promise<void> {
    const now = await selectHeadSeq(pool).catch((err: unknown) => {
      log.warn({ event: "pulse.failed", err }, "could not read how far the ledger is");
      return head;
    });
    const moved = now !== head;
    head = now;
    if (moved) say(`data: ${JSON.stringify({ head })}\n\n`);
    else if (performance.now() - lastSaid > HEARTBEAT_MS) say(":\n\n");
  }

  function say(text: string): void {
    lastSaid = performance.now();
    // Whoever does not read fast enough misses one: the next says the same.
    for (const reader of readers) if (!reader.writableNeedDrain) reader.write(text);
  }

  function letGo(reader: ServerResponse): void {
    readers.delete(reader);
    if (readers.size > 0) return;
    clearInterval(looking);
    looking = undefined;
  }

  api.addHook("preClose", async () => {
    for (const reader of readers) reader.end(() => reader.socket?.destroySoon());
    clearInterval(looking);
  });

  api.get(
    "/v1/stream",
    {
      config: { access: "signed-in" },
      schema: {
        tags: ["events"],
        summary: "Hear when the ledger moves",
        description: DESCRIPTION,
        produces: ["text/event-stream"],
      },
    },
    async (_, reply) => {
      if (readers.size >= READERS_LIMIT) {
        const detail = `${READERS_LIMIT} readers hear this hub's pulse already`;
        throw new Problem(503, "NOT_READY", detail, { retryAfterSeconds: 10 });
      }
      head ??= await selectHeadSeq(pool);
      // Taken over from Fastify, so headers it would have added are written here.
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        "content-type": "text/event-stream",
        "x-accel-buffering": "no",
      });
      reply.raw.write(`retry: 2000\ndata: ${JSON.stringify({ head })}\n\n`);
      reply.raw.once("close", () => letGo(reply.raw));
      readers.add(reply.raw);
      looking ??= setInterval(() => void look(), LOOK_MS);
    },
  );
});
