import { emptyAnswer, jsonAnswer, type Answer, type Headers, type Request } from "../answer.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { parseObject } from "../exact-json.ts";
import type { Fault } from "../fault/fault.ts";
import { Refusal, refuse } from "../refusal.ts";
import { RequestReader } from "../request-reader.ts";
import type { Stored } from "../store/store.ts";
import { keyOf, type Fields } from "../store/table.ts";
import { performUnit, refuseUsedReferences } from "../unit.ts";
import { parseAddress, storeKeyOf, type Address } from "./address.ts";
import type { EntitySet } from "./entity-set.ts";
import { metadataOf, serviceDocument } from "./metadata.ts";
import { odataError } from "./odata-error.ts";
import type { Query } from "./asked.ts";
import { parseQuery, renderRow, selectRows } from "./query.ts";
import { ReadLag } from "./read-lag.ts";
import { etagOf, fromWire } from "./wire-row.ts";

const PLAIN: Pick<Query, "select" | "expand"> = { select: undefined, expand: [] };

/** A write that was done; its answer is made after the ERP has settled what it touched. */
type Done = { set: EntitySet; key: string | undefined };

/** What callers with a token can do under /data. */
export class ODataService {
  readonly #erp: Erp;
  readonly #lag: ReadLag;
  readonly #sets = new Map<string, EntitySet>();
  readonly #all: readonly EntitySet[];
  /** Told of each fault that met nothing. */
  onSpared: (fault: Fault) => void = () => {};

  constructor(erp: Erp, sets: readonly EntitySet[]) {
    this.#erp = erp;
    this.#lag = new ReadLag(erp);
    this.#all = sets;
    for (const set of sets) for (const name of set.names) this.#sets.set(name, set);
  }

  /** One request that stands alone. */
  perform(request: Request, call: Call, url: string, fault?: Fault): Answer {
    const path = request.path.replace(/^\/data\/?/, "");
    let entity = "";
    try {
      if (path === "") return jsonAnswer(200, serviceDocument(this.#all, url));
      if (path === "$metadata")
        return { status: 200, headers: { "content-type": "application/xml" }, body: metadataOf(this.#all) };
      const address = parseAddress(path);
      const set = this.#find(address.set);
      if (request.method === "GET") return this.#read(set, address, request, url, fault);
      entity = set.entity;
      refuseUsedReferences(this.#erp, [call.reference]);
      const done = performUnit(this.#erp, call, () => this.write(request, call));
      return this.render(done, url);
    } catch (error) {
      if (error instanceof Refusal) return odataError(error, entity);
      throw error;
    }
  }

  /** One write inside of a unit that the caller has begun; throws a refusal. */
  write(request: Request, call: Call): Done {
    const address = parseAddress(request.path.replace(/^.*\/data\//, "").replace(/^\//, ""));
    const set = this.#find(address.set);
    const { table } = set;
    const body = request.body === "" ? {} : parseObject(request.body);
    if (new RequestReader(body).text("ILKReference", "") !== call.reference)
      refuse("InvalidReference", "ILKReference must be 1 to 80 plain characters", "ILKReference");
    const company = this.#company(address, body);
    if (company !== this.#erp.company) {
      if (request.query.get("cross-company") !== "true") throw notFound();
      refuse("NoAccess", `The user has no write access to company ${company}`, "dataAreaId");
    }
    if (request.method === "POST") {
      if (!set.insert || address.key) throw notAllowed(set, "POST");
      const given = fromWire(table.fields, body, set.insert.fields);
      const missing = set.insert.required?.find((name) => given[name] === undefined || given[name] === "");
      if (missing !== undefined) refuse("Missing", `Field '${missing}' must be filled in`, missing);
      const row = set.insert.run(this.#erp, call, given);
      return { set, key: keyOf(table, row) };
    }
    if (!address.key) throw notAllowed(set, request.method);
    const stored = this.#existing(set, storeKeyOf(table, address.key));
    checkEtag(request.headers, stored);
    if (request.method === "DELETE") {
      if (!set.remove) throw notAllowed(set, "DELETE");
      set.remove(this.#erp, call, stored.row);
      return { set, key: undefined };
    }
    if (!set.update || (request.method !== "PATCH" && request.method !== "PUT"))
      throw notAllowed(set, request.method);
    set.update.run(this.#erp, call, stored.row, fromWire(table.fields, body, set.update.fields));
    return { set, key: undefined };
  }

  render({ set, key }: Done, url: string): Answer {
    if (key === undefined) return emptyAnswer(204);
    const stored = this.#existing(set, key);
    const name = set.names[0] ?? "";
    const body = {
      "@odata.context": `${url}/data/$metadata#${name}/$entity`,
      ...renderRow(this.#erp, set, stored, PLAIN, (other) => this.#find(other)),
    };
    return jsonAnswer(201, body, { location: `${url}/data/${name}(${keyText(set, stored)})` });
  }

  entityOf(request: Request): string {
    const [, name = ""] = /([A-Za-z]\w*)(?:\(|$)/.exec(request.path.replace(/^.*\/data\//, "")) ?? [];
    return this.#sets.get(name)?.entity ?? "";
  }

  #read(set: EntitySet, address: Address, request: Request, url: string, fault?: Fault): Answer {
    const query = parseQuery(set, request.query);
    const find = (name: string) => this.#find(name);
    if (address.key) {
      const stored = this.#existing(set, storeKeyOf(set.table, address.key));
      if (!query.crossCompany && stored.row["dataAreaId"] !== this.#erp.company) throw notFound();
      const context = `${url}/data/$metadata#${address.set}/$entity`;
      const wire = renderRow(this.#erp, set, stored, query, find);
      return jsonAnswer(200, { "@odata.context": context, ...wire });
    }
    const rows = selectRows(this.#erp, this.#lag, set, query);
    const limit = Math.min(query.top ?? Number.POSITIVE_INFINITY, this.#pageSize(request.headers));
    const page = rows.slice(query.skip, query.skip + limit);
    // Whoever asks for the newest asks for what was shown before.
    const hidden = query.orderBy[0]?.down === true ? undefined : page[0];
    if (fault && ["poll-gap", "feed-duplicate"].includes(fault.kind) && !hidden) this.onSpared(fault);
    if (fault?.kind === "poll-gap" && hidden) page.shift();
    if (fault?.kind === "feed-duplicate" && hidden) page.unshift(hidden);
    const more = rows.length > query.skip + limit && (query.top === undefined || query.top > limit);
    return jsonAnswer(200, {
      "@odata.context": `${url}/data/$metadata#${address.set}`,
      ...(query.count ? { "@odata.count": rows.length } : {}),
      value: page.map((stored) => renderRow(this.#erp, set, stored, query, find)),
      ...(more ? { "@odata.nextLink": nextLink(request, url, query, limit) } : {}),
    });
  }

  #pageSize(headers: Headers): number {
    const [, wished] = /odata\.maxpagesize=(\d{1,6})/.exec(headers["prefer"] ?? "") ?? [];
    const most = Math.max(1, this.#erp.settings.maxPageSize);
    return wished === undefined ? most : Math.max(1, Math.min(most, Number(wished)));
  }

  #existing(set: EntitySet, key: string): Stored<Fields> {
    if (set.read) {
      const row = set.read(this.#erp).find((each) => keyOf(set.table, each) === key);
      if (row) return { row, version: 1, recId: 1 };
    }
    return this.#erp.store.getStored(set.table, key) ?? refuseNotFound();
  }

  #find(name: string): EntitySet {
    return this.#sets.get(name) ?? refuseNotFound();
  }

  #company(address: Address, body: Record<string, unknown>): string {
    return address.key?.["dataAreaId"] ?? new RequestReader(body).text("dataAreaId", this.#erp.company);
  }
}

function checkEtag(headers: Headers, { version, recId }: Stored<Fields>): void {
  const wanted = headers["if-match"];
  if (wanted === undefined || wanted === "*" || wanted === etagOf(version, recId)) return;
  throw new Refusal(
    "PreconditionFailed",
    "The record has been changed by another user: the ETag given in If-Match does not match",
    { status: 412 },
  );
}

function nextLink(request: Request, url: string, query: Query, limit: number): string {
  const next = new URLSearchParams(request.query);
  next.delete("$skip");
  next.set("$skiptoken", String(query.skip + limit));
  if (query.top !== undefined) next.set("$top", String(query.top - limit));
  return `${url}${request.path}?${next.toString()}`;
}

function keyText(set: EntitySet, { row }: Stored<Fields>): string {
  return set.table.key
    .map((name) =>
      set.table.fields[name] === "text"
        ? `${name}='${encodeURIComponent(String(row[name]).replaceAll("'", "''"))}'`
        : `${name}=${String(row[name])}`,
    )
    .join(",");
}

function notFound(): Refusal {
  return new Refusal("NoSuchResource", "Resource not found", { status: 404 });
}

function refuseNotFound(): never {
  throw notFound();
}

function notAllowed(set: EntitySet, method: string): Refusal {
  return new Refusal("MethodNotAllowed", `${method} is not supported on ${set.names[0] ?? ""}`, {
    status: 405,
  });
}
