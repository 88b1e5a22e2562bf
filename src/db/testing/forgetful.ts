import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Forgetful {
  /** The same database, by way of a line that can lose answers. */
  readonly url: string;
  /** The server gets the next statement and runs it; its answer is lost together with the connection. */
  forgetNext(): void;
  /** The server gets everything from now on, and nothing comes back: the connection stays open and silent. */
  fallSilent(): void;
  close(): Promise<void>;
}

/**
 * A line to the database that loses an answer when asked to: what was committed is on disk, and nobody here was told.
 * @param statement lose, once, the answer to the statement of this name
 */
export async function forgetAnswers(url: string, statement?: string): Promise<Forgetful> {
  const target = new URL(url);
  const host = decodeURIComponent(target.hostname);
  const port = Number(target.port || 5432);
  const open = new Set<Socket>();
  let armed = false;
  let awaited = statement;
  let silent = false;
  const line = createServer((near) => {
    const far = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
    let forgetting = false;
    near.on("data", (chunk) => {
      const asked = awaited !== undefined && chunk.includes(awaited);
      if (asked) awaited = undefined;
      forgetting ||= armed || asked;
      if (forgetting) armed = false;
      far.write(chunk);
    });
    far.on("data", (chunk) => {
      if (silent) return;
      if (forgetting) near.destroy();
      else near.write(chunk);
    });
  });
  line.listen(0, "127.0.0.1");
  await once(line, "listening");
  const through = new URL(url);
  through.host = `127.0.0.1:${(line.address() as AddressInfo).port}`;
  return {
    url: through.href,
    forgetNext() {
      armed = true;
    },
    fallSilent() {
      silent = true;
    },
    async close() {
      for (const socket of open) socket.destroy();
      line.close();
      await once(line, "close");
    },
  };
}
