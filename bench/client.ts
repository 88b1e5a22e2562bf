/**
 * A sender that costs next to nothing: on a machine of two cores, what the client uses is not there for the hub. It writes
 * ready text to a few sockets that stay open, one request at a time on each, and of an answer it reads the status and the
 * length.
 */
import { createConnection, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export interface Reply {
  readonly status: number;
  readonly body: string;
}

const BUSY_AGAIN_MS = 50;

export class Client {
  readonly #url: URL;
  readonly #headers: string;
  readonly #connections: Connection[] = [];
  readonly #free: Connection[] = [];
  readonly #waiting: ((connection: Connection) => void)[] = [];

  /** @param inFlight requests at once, each on a connection of its own */
  static async open(url: string, token: string, inFlight: number): Promise<Client> {
    const client = new Client(url, token);
    const { hostname, port } = client.#url;
    client.#connections.push(
      ...(await Promise.all(Array.from({ length: inFlight }, () => Connection.open(hostname, Number(port))))),
    );
    client.#free.push(...client.#connections);
    return client;
  }

  private constructor(url: string, token: string) {
    this.#url = new URL(url);
    this.#headers = `host: ${this.#url.host}\r\nauthorization: Bearer ${token}\r\n`;
  }

  /** Events until they are taken: a hub that is too busy is asked again. @throws Error when they are refused */
  async postEvents(events: string | readonly string[]): Promise<void> {
    const many = typeof events !== "string";
    const type = many ? "application/cloudevents-batch+json" : "application/cloudevents+json";
    const body = many ? `[${events.join(",")}]` : events;
    for (;;) {
      const reply = await this.#post("/v1/events", type, body);
      // 207 is a batch of which something was refused.
      if (reply.status === 200 || reply.status === 202) return;
      if (reply.status !== 503)
        throw new Error(`the hub answered ${reply.status}: ${reply.body.slice(0, 500)}`);
      await delay(BUSY_AGAIN_MS);
    }
  }

  /** Calls `post` with 0, 1, 2, ... on all connections until it says that there is no more. */
  async drive(post: (n: number) => Promise<void> | undefined): Promise<void> {
    let next = 0;
    await Promise.all(
      this.#connections.map(async () => {
        for (let sent = post(next++); sent !== undefined; sent = post(next++)) await sent;
      }),
    );
  }

  async #post(path: string, type: string, body: string): Promise<Reply> {
    const connection =
      this.#free.pop() ?? (await new Promise<Connection>((free) => this.#waiting.push(free)));
    try {
      return await connection.ask(
        `POST ${path} HTTP/1.1\r\n${this.#headers}content-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    } finally {
      const next = this.#waiting.shift();
      if (next) next(connection);
      else this.#free.push(connection);
    }
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}

interface Asked {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

class Connection {
  readonly #socket: Socket;
  #asked: Asked | undefined;
  #received = "";
  #broken: Error | undefined;

  static open(host: string, port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host, port, noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => resolve(new Connection(socket)));
    });
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    // One byte is one character, so the length of the text is that of the answer.
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => this.#read(text));
    socket.on("error", (error) => this.#break(error));
    socket.on("close", () => this.#break(new Error("the hub closed the connection")));
  }

  ask(request: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      this.#asked = { resolve, reject };
      this.#socket.write(request);
    });
  }

  #read(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf("\r\n\r\n");
    if (end === -1) return;
    const head = this.#received.slice(0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) return this.#break(new Error(`an answer without a length: ${head}`));
    if (this.#received.length < end + 4 + length) return;
    const reply = { status: Number(head.slice(9, 12)), body: this.#received.slice(end + 4) };
    this.#received = "";
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.resolve(reply);
  }

  #break(error: Error): void {
    this.#broken ??= error;
    this.#asked?.reject(this.#broken);
    this.#asked = undefined;
  }

  close(): void {
    this.#socket.destroy();
  }
}
