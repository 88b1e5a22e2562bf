/**
 * Where a visitor of the console plays with the demo: on this machine's loopback, for whoever has the token, and for the pages of
 * the demo's own hub only. A page hears here what is being told, and asks for one of the acts.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Listener } from "../narrate.ts";

const REMEMBERED = 30;

export interface Act {
  readonly name: string;
  readonly title: string;
  /** What will follow, and what to look at. */
  readonly about: string;
  readonly run: () => Promise<void>;
}

interface Doing {
  readonly acts: readonly Act[];
  /** Where the pages come from that may call. */
  readonly origin: () => string;
}

export class Control implements Listener {
  readonly #token = randomBytes(24).toString("base64url");
  readonly #server: Server;
  readonly #said: { readonly n: number; readonly text: string }[] = [];
  #n = 0;
  #chapter = "The factory opens";
  #doing: Doing | undefined;
  #busy: string | null = null;

  static async open(): Promise<Control> {
    const control = new Control();
    control.#server.listen(0, "127.0.0.1");
    await once(control.#server, "listening");
    return control;
  }

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    // It keeps nothing alive by itself.
    this.#server.unref();
  }

  /** With the token in it: for the hub's environment. */
  get address(): string {
    return `http://${this.#host}/#${this.#token}`;
  }

  chapter(title: string): void {
    this.#chapter = title;
  }

  say(text: string): void {
    this.#said.push({ n: ++this.#n, text });
    if (this.#said.length > REMEMBERED) this.#said.shift();
  }

  /** From now on there is something to do. */
  offer(doing: Doing): void {
    this.#doing = doing;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  get #host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url, headers } = request;
    // A page of elsewhere that has its name point here is not the hub's.
    if (headers.host !== this.#host || headers.origin !== this.#doing?.origin())
      return void response.writeHead(403).end();
    response.setHeader("access-control-allow-origin", headers.origin!);
    response.setHeader("access-control-allow-headers", "authorization");
    response.setHeader("access-control-allow-methods", "GET, POST");
    response.setHeader("vary", "origin");
    response.setHeader("cache-control", "no-store");
    if (method === "OPTIONS") return void response.writeHead(204).end();
    if (!this.#knows(headers.authorization)) return void response.writeHead(401).end();
    if (method === "GET" && url === "/state") return this.#show(response, 200);
    const act = this.#doing?.acts.find(({ name }) => url === `/acts/${name}`);
    if (method !== "POST" || act === undefined) return void response.writeHead(404).end();
    if (this.#busy !== null) return this.#show(response, 409);
    this.#busy = act.name;
    void act
      .run()
      .catch((error: Error) => this.say(`${act.title}: ${error.message}`))
      .finally(() => (this.#busy = null));
    this.#show(response, 202);
  }

  #show(response: ServerResponse, status: number): void {
    const acts = (this.#doing?.acts ?? []).map(({ name, title, about }) => ({ name, title, about }));
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ chapter: this.#chapter, said: this.#said, busy: this.#busy, acts }));
  }

  #knows(authorization = ""): boolean {
    const [given, known] = [authorization, `Bearer ${this.#token}`].map((text) => Buffer.from(text));
    return given!.length === known!.length && timingSafeEqual(given!, known!);
  }
}
