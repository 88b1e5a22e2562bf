/** The warehouse has no connector: it asks the hub what is ready, packs it, and says that it has left. */
import type { Works } from "./works.ts";

interface Shipment {
  readonly shipment: string;
  readonly salesOrder: string;
  readonly lines: readonly object[];
}

const PAGE = 200;

export class Warehouse {
  readonly #works: Works;
  readonly #packed = new Set<string>();

  constructor(works: Works) {
    this.#works = works;
  }

  get shipped(): number {
    return this.#packed.size;
  }

  /** Ships whatever has got ready. Where the hub does not answer it stays where it is, and is told again. */
  async ship(): Promise<void> {
    const ready = await this.#ready();
    if (ready.length === 0) return;
    const { status, body } = await this.#works.api("/v1/events", {
      method: "POST",
      body: ready.map(confirmation),
      contentType: "application/cloudevents-batch+json",
    });
    if (status >= 300) throw new Error(`the hub refused shipments: ${status} ${JSON.stringify(body)}`);
    for (const { shipment } of ready) this.#packed.add(shipment);
  }

  async #ready(): Promise<Shipment[]> {
    const found: Shipment[] = [];
    let cursor = "";
    for (;;) {
      const { body } = await this.#works.api(
        `/v1/events?type=interlock.ShipmentReady.v1&order=newest-first&limit=${PAGE}${cursor}`,
      );
      const told = (body.items as { data: Shipment }[]).map(({ data }) => data);
      const fresh = told.filter(({ shipment }) => !this.#packed.has(shipment));
      found.push(...fresh);
      if (fresh.length < told.length || body.next === null) return found.toReversed();
      cursor = `&cursor=${encodeURIComponent(body.next as string)}`;
    }
  }
}

function confirmation({ shipment, salesOrder, lines }: Shipment): object {
  const time = "2039-07-25T15:00:00Z";
  return {
    specversion: "1.0",
    id: `shipped/${shipment}`,
    source: "/systems/warehouse",
    type: "interlock.ShipmentConfirmed.v1",
    subject: `salesOrder/${salesOrder}`,
    time,
    datacontenttype: "application/json",
    data: { shipment, salesOrder, lines, carrier: "Road", shippedOn: time.slice(0, 10) },
  };
}
