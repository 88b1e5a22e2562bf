import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOrg, type Running } from "./server.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shapes are what the tests look at
type Any = any;
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Any;
  readonly text: string;
};

const API = "/services/data/v66.0";

/** An org of its own for a test, over real HTTP. */
export class TestOrg {
  readonly dataDir = mkdtempSync(join(tmpdir(), "org-"));
  #running: Running | undefined;
  #token = "";

  static async start(): Promise<TestOrg> {
    const org = new TestOrg();
    await org.open();
    return org;
  }

  async open(): Promise<void> {
    this.#running = await startOrg({ port: 0, dataDir: this.dataDir, seed: 1 });
    await this.login();
  }

  get url(): string {
    return this.#running!.url;
  }

  async login(changes: Record<string, string> = {}): Promise<Reply> {
    const form = {
      grant_type: "client_credentials",
      client_id: "3MVG9.interlock",
      client_secret: "salesforce-secret",
      ...changes,
    };
    const reply = await read(
      await fetch(`${this.url}/services/oauth2/token`, { method: "POST", body: new URLSearchParams(form) }),
    );
    if (reply.status === 200) this.#token = reply.body.access_token;
    return reply;
  }

  /** A path below the API's version, or one from the root. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    return read(
      await fetch(this.url + (path.startsWith("/services/") ? path : API + path), {
        method,
        headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    );
  }

  async query(soql: string): Promise<Reply> {
    return this.call("GET", `/query?q=${encodeURIComponent(soql)}`);
  }

  async records(soql: string): Promise<Any[]> {
    return (await this.query(soql)).body.records;
  }

  async admin(method: string, path: string, body?: unknown): Promise<Any> {
    const options = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return (await read(await fetch(`${this.url}/admin/${path}`, options))).body;
  }

  async arm(...faults: object[]): Promise<void> {
    await this.admin("POST", "faults", faults);
  }

  /** An activated order of account C-100 over five pumps and some coolant. */
  async order(changes: object = {}): Promise<Any> {
    return this.admin("POST", "clerk", {
      action: "create-order",
      account: "C-100",
      poNumber: "4500-1",
      requestedDate: "2031-05-09",
      lines: [
        { item: "PUMP-200", quantity: "5", requestedDate: "2031-05-09", options: "seal-material=viton" },
        { item: "COOLANT", quantity: "2.5" },
      ],
      ...changes,
    });
  }

  async stop(): Promise<void> {
    await this.#running?.close();
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

async function read(answer: Response): Promise<Reply> {
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: text === "" ? undefined : JSON.parse(text),
  };
}
