import { notFound } from "./refusal.ts";

export type Request = {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
};

export type Answer = {
  readonly status: number;
  /** Undefined: none, as after a change. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Route = {
  /** Of the API: `/services/data/v66.0`. */
  readonly base: string;
  /** What stands behind it. */
  readonly parts: readonly string[];
};

const VERSIONS = ["60.0", "61.0", "62.0", "63.0", "64.0", "65.0", "66.0", "67.0", "68.0"];

/** The parts of a path below a version that is served; undefined for any other path. */
export function routeOf(path: string): Route | undefined {
  const [, version, rest = ""] = /^\/services\/data\/v(\d\d\.0)(?:\/(.*))?$/.exec(path) ?? [];
  if (version === undefined || !VERSIONS.includes(version)) return undefined;
  return { base: `/services/data/v${version}`, parts: rest.split("/").filter((part) => part !== "") };
}

export function versions(): object[] {
  return VERSIONS.map((version) => ({
    label: `Version ${version}`,
    url: `/services/data/v${version}`,
    version,
  }));
}

/** What a request is called where faults are armed: a verb, and for records the object behind it. */
export function operationOf({ method, path, query }: Pick<Request, "method" | "path" | "query">): {
  verb: string;
  object: string;
} {
  if (path === "/services/oauth2/token") return { verb: "token", object: "" };
  const [noun = "", first = "", second, third] = routeOf(path)?.parts ?? [];
  if (noun === "query" || noun === "queryAll") {
    // What a poller asks that reads from where it ended.
    const inOrder = /\border\s+by\s+systemmodstamp\b(?!\s+desc)/i.test(query.get("q") ?? "");
    return { verb: first === "" ? "query" : "queryMore", object: inOrder ? "InOrder" : "" };
  }
  if (noun === "composite") return { verb: first === "sobjects" ? "collections" : "composite", object: "" };
  if (noun !== "sobjects" || first === "" || second === "describe")
    return { verb: noun === "" ? "other" : noun === "sobjects" ? "describe" : noun, object: "" };
  if (method === "GET") return { verb: "read", object: first };
  if (method === "DELETE") return { verb: "delete", object: first };
  if (method === "POST") return { verb: "create", object: first };
  return { verb: third === undefined ? "update" : "upsert", object: first };
}

export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw notFound();
  }
}
