import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPlant, type Running, type Vendor } from "../server.ts";
import { DEFAULT_SETTINGS } from "../settings.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shapes are what the tests look at
export type Seen = any;
export type Answered = { status: number; headers: Headers; body: Seen };

/** A plant on a port of its own, its clock standing on a Monday at 6 in the morning. */
export class Stage {
  readonly vendor: Vendor;
  readonly dataDir = mkdtempSync(join(tmpdir(), "mes-"));
  #plant: Running | undefined;
  #token = "";

  private constructor(vendor: Vendor) {
    this.vendor = vendor;
  }

  static async open(vendor: Vendor): Promise<Stage> {
    const stage = new Stage(vendor);
    await stage.start();
    await stage.admin("POST", "clock", { now: "2026-03-09T05:00:00Z", speed: 0 });
    return stage;
  }

  async start(): Promise<void> {
    this.#plant = await startPlant({ port: 0, dataDir: this.dataDir, seed: 1, dialect: this.vendor });
    this.#token = await this.fetchToken();
  }

  async close(): Promise<void> {
    await this.#plant?.close();
  }

  get url(): string {
    return this.#plant!.url;
  }

  async fetchToken(): Promise<string> {
    const { clientId, clientSecret } = DEFAULT_SETTINGS[this.vendor];
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    const path = this.vendor === "lyon" ? "/oauth/token" : "/bde/anmeldung";
    const answer = await fetch(this.url + path, { method: "POST", body: new URLSearchParams(form) });
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  async call(method: string, path: string, body?: unknown): Promise<Answered> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  }

  async admin(method: string, path: string, body?: unknown): Promise<Seen> {
    return (await this.call(method, `/admin/${path}`, body)).body;
  }

  async at(now: string): Promise<void> {
    await this.admin("POST", "clock", { now });
  }

  /** What the plant has told, in its own words. */
  async told(): Promise<Seen[]> {
    const [path, name] =
      this.vendor === "lyon"
        ? ["/api/v2/changes?after=0&limit=1000", "changes"]
        : ["/bde/meldungen?nach=0&anzahl=1000", "meldungen"];
    return (await this.call("GET", path!)).body[name!];
  }

  async arm(...faults: object[]): Promise<void> {
    await this.admin("POST", "faults", faults);
  }
}

export type Received = { headers: Record<string, string>; raw: string };

/** Takes webhooks; `answer` gives the status of each, and `headers` go with all. */
export async function listen(
  answer: (n: number) => number = () => 200,
  headers: Record<string, string> = {},
) {
  const received: Received[] = [];
  const server = createServer((incoming, response) => {
    let raw = "";
    incoming.setEncoding("utf8").on("data", (chunk: string) => (raw += chunk));
    incoming.on("end", () => {
      received.push({ headers: incoming.headers as Record<string, string>, raw });
      response.writeHead(answer(received.length), headers).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** An order of ten pumps in two operations, in the words of lyon. */
export function lyonOrder(reference: string, number = "WO-500", changes: object = {}) {
  return {
    externalReference: reference,
    workOrder: { number, productionOrder: number.replace("WO", "PO") },
    product: { code: "PUMP-200", revision: "B" },
    quantity: { amount: 10, uom: "PCE" },
    revisions: { bom: "B", routing: "2" },
    mode: "MTO",
    schedule: { start: "2026-03-09T06:00:00+01:00", end: "2026-03-12T14:00:00+01:00" },
    priority: 50,
    materials: [
      {
        line: 1,
        code: "SEAL-9",
        quantity: { amount: 20, uom: "PCE" },
        operation: "20",
        issue: "MANUAL",
        tracking: "LOT",
      },
      { line: 2, code: "COOLANT", quantity: { amount: 2.5, uom: "L" }, issue: "BACKFLUSH" },
    ],
    operations: [
      { number: "10", label: "Weld", station: "WC-WELD", setupMinutes: 10, runMinutes: 50 },
      {
        number: "20",
        label: "Assemble",
        station: "WC-ASSY",
        counting: true,
        setupMinutes: 0,
        runMinutes: 100,
      },
    ],
    controls: [{ id: "QC-1", operation: "20", characteristic: "pressure", min: 5.8, max: 6.2, uom: "BAR" }],
    ...changes,
  };
}

/** The same in the words of brno. */
export function brnoOrder(belegNr: string, auftragNr = "WO-700", changes: object = {}) {
  return {
    belegNr,
    auftragNr,
    fertAuftrag: auftragNr.replace("WO", "PO"),
    artikelNr: "VALVE-10",
    artikelIndex: "C",
    sollMenge: "10",
    einheit: "ST",
    stkListe: "C",
    arbPlan: "1",
    art: "L",
    startSoll: "09.03.2026 06:00:00",
    endeSoll: "12.03.2026 14:00:00",
    prio: "50",
    positionen: [
      {
        pos: "1",
        artikelNr: "SEAL-9",
        menge: "20",
        einheit: "ST",
        agNr: "20",
        buchung: "M",
        verfolgung: "C",
      },
      { pos: "2", artikelNr: "COOLANT", menge: "2,5", einheit: "L", agNr: "10", buchung: "R" },
    ],
    arbeitsgaenge: [
      { agNr: "10", text: "Turn", platz: "DREH-1", ruestMin: "10,0", laufMin: "50,0" },
      { agNr: "20", text: "Assemble", platz: "MONT-1", zaehlt: "J", ruestMin: "0", laufMin: "100" },
    ],
    pruefungen: [{ pruefNr: "QC-1", agNr: "20", merkmal: "pressure", ug: "5,8", og: "6,2", einheit: "BAR" }],
    ...changes,
  };
}
