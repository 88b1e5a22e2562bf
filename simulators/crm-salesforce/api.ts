import { performComposite } from "./composite-api.ts";
import { describeGlobal, describeObject } from "./describe.ts";
import type { Fault } from "./fault.ts";
import type { Org } from "./org.ts";
import { methodNotAllowed } from "./record-api.ts";
import { notFound } from "./refusal.ts";
import { routeOf, type Answer, type Request } from "./request.ts";
import { objectOf } from "./schema.ts";

/** Serves one request of the REST API that has passed the session and the limits. */
export function performApi(org: Org, request: Request, fault?: Fault): Answer {
  const { method, path, query, body } = request;
  const route = routeOf(path);
  if (!route) throw notFound();
  const { base, parts } = route;
  const [noun, ...rest] = parts;
  switch (noun) {
    case undefined:
      readOnly(method);
      return { status: 200, body: resourcesOf(base) };
    case "limits":
      readOnly(method);
      return { status: 200, body: limitsOf(org) };
    case "query":
    case "queryAll": {
      readOnly(method);
      if (rest[0] !== undefined) return org.queryApi.more(base, rest[0]);
      const hint = request.headers["sforce-query-options"];
      const how = { deleted: noun === "queryAll", hint: typeof hint === "string" ? hint : undefined };
      return org.queryApi.run(base, query.get("q"), how, fault);
    }
    case "sobjects":
      if (rest.length === 0) {
        readOnly(method);
        return { status: 200, body: describeGlobal(base) };
      }
      if (rest[1] === "describe" && rest.length === 2) {
        readOnly(method);
        return { status: 200, body: describeObject(objectOf(rest[0]!) ?? raise(), base) };
      }
      return org.recordApi.perform(method, base, rest, { body, query });
    case "composite":
      return performCompositeResource(org, base, rest, request, fault);
    default:
      throw notFound();
  }
}

function performCompositeResource(
  org: Org,
  base: string,
  [kind, ...rest]: readonly string[],
  { method, query, body }: Request,
  fault?: Fault,
): Answer {
  if (kind === "sobjects") {
    const rows = (body as { records?: unknown[] } | undefined)?.records?.length ?? 0;
    const only = fault?.kind === "half-batch" ? Math.ceil(rows / 2) : undefined;
    return org.collectionApi.perform(method, rest, { body, query }, only);
  }
  if (kind !== undefined) throw notFound();
  if (method === "GET") return { status: 200, body: { sobjects: `${base}/composite/sobjects` } };
  if (method !== "POST") throw methodNotAllowed(method, "GET,POST");
  return performComposite(org.store, body, (inner) => {
    // A composite in a composite would count as none.
    if (routeOf(inner.path)?.parts[0] === "composite" && routeOf(inner.path)?.parts.length === 1)
      throw notFound();
    return performApi(org, inner);
  });
}

function resourcesOf(base: string): object {
  const names = ["sobjects", "query", "queryAll", "limits", "composite"];
  return Object.fromEntries(names.map((name) => [name, `${base}/${name}`]));
}

function limitsOf({ settings }: Org): object {
  const { dailyApiRequests: Max, apiRequestsUsed } = settings;
  return { DailyApiRequests: { Max, Remaining: Math.max(0, Max - apiRequestsUsed) } };
}

function readOnly(method: string): void {
  if (method !== "GET") throw methodNotAllowed(method, "HEAD,GET");
}

function raise(): never {
  throw notFound();
}
