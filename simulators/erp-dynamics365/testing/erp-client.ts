import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startErp, type Running } from "../server.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are what the tests look at
export type Json = any;
export type Reply = { status: number; headers: Headers; body: Json; text: string };

/** A running ERP with a caller's token, as the tests use it over real HTTP. */
export class ErpClient {
  readonly dataDir: string;
  #running: Running | undefined;
  token = "";

  private constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  static async start(dataDir = mkdtempSync(join(tmpdir(), "erp-"))): Promise<ErpClient> {
    const client = new ErpClient(dataDir);
    client.#running = await startErp({ port: 0, dataDir, seed: 1 });
    // The tests decide when queues and planning run.
    await client.admin("PATCH", "settings", { tickMs: 3_600_000 });
    await client.login();
    return client;
  }

  /** The same storage once more, with its own settings. */
  static async restart(dataDir: string): Promise<ErpClient> {
    const client = new ErpClient(dataDir);
    client.#running = await startErp({ port: 0, dataDir, seed: 1 });
    await client.login();
    return client;
  }

  get url(): string {
    return this.#running?.url ?? "";
  }

  async close(): Promise<void> {
    await this.#running?.close();
  }

  async login(): Promise<void> {
    const answer = await fetch(`${this.url}/contoso.example/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: "interlock",
        client_secret: "dynamics-secret",
        scope: `${this.url}/.default`,
      }),
    });
    this.token = ((await answer.json()) as { access_token: string }).access_token;
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = answer.headers.get("content-type")?.startsWith("application/json") === true;
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: json ? JSON.parse(text) : undefined,
    };
  }

  async admin(method: string, path: string, body?: unknown): Promise<Json> {
    return (await this.call(method, `/admin/${path}`, body)).body;
  }

  clerk(action: string, fields: object = {}): Promise<Json> {
    return this.admin("POST", "clerk", { action, ...fields });
  }

  arm(...faults: object[]): Promise<Json> {
    return this.admin("POST", "faults", faults);
  }

  async read(set: string, filter = ""): Promise<Json[]> {
    const query = filter === "" ? "" : `?$filter=${encodeURIComponent(filter)}`;
    return (await this.call("GET", `/data/${set}${query}`)).body.value;
  }

  async service(operation: string, request: object): Promise<Json> {
    const path = `/api/services/ILKServices/ILKIntegrationService/${operation}`;
    return (await this.call("POST", path, { _companyId: "usmf", _request: request })).body;
  }

  send(type: string, content: object): Promise<Reply> {
    return this.call("POST", "/api/services/SysMessageServices/SysMessageService/SendMessage", {
      _companyId: "usmf",
      _messageQueue: "JmgMES3P",
      _messageType: type,
      _messageContent: JSON.stringify(content),
    });
  }

  /** Sends a message and lets the processor try it three times; answers its row. */
  async process(type: string, content: object): Promise<Json> {
    await this.send(type, content);
    for (let attempt = 0; attempt < 3; attempt++) await this.tick();
    return (await this.read("ILKMessageProcessorMessages")).at(-1);
  }

  tick(): Promise<Json> {
    return this.admin("POST", "tick");
  }

  /** A sales order over OData, header and lines one by one. */
  async order(reference: string, lines: object[], header: object = {}): Promise<string> {
    const made = await this.call("POST", "/data/SalesOrderHeadersV3", {
      OrderingCustomerAccountNumber: "US-001",
      ILKReference: reference,
      ...header,
    });
    const number = made.body.SalesOrderNumber as string;
    for (const line of lines)
      await this.call("POST", "/data/SalesOrderLines", { SalesOrderNumber: number, ...line });
    return number;
  }

  /** A released production order for so many pumps, out of a sales order. */
  async production(quantity: number): Promise<string> {
    const number = await this.order(`R-${quantity}`, [
      { ItemNumber: "PUMP-200", OrderedSalesQuantity: quantity, ProductConfigurationId: "M1" },
    ]);
    await this.tick();
    const [order] = await this.read("ProductionOrderHeaders", `DemandSalesOrderNumber eq '${number}'`);
    return order.ProductionOrderNumber as string;
  }
}
