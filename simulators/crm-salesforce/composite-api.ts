import { asObject } from "./body.ts";
import { Refusal } from "./refusal.ts";
import { decodePath, type Answer, type Request } from "./request.ts";
import type { Store } from "./store.ts";

const SUBREQUESTS = 25;

type SubAnswer = { body: unknown; httpHeaders: object; httpStatusCode: number; referenceId: string };

/** Several requests in one, in order; a later one may use what an earlier one answered: `@{order.id}`. Counts as one. */
export function performComposite(store: Store, body: unknown, perform: (request: Request) => Answer): Answer {
  const { allOrNone, compositeRequest } = asObject(body);
  if (!Array.isArray(compositeRequest) || compositeRequest.length === 0)
    throw new Refusal(400, "JSON_PARSER_ERROR", "compositeRequest: at least one subrequest is needed");
  if (compositeRequest.length > SUBREQUESTS)
    throw new Refusal(
      400,
      "LIMIT_EXCEEDED",
      `The composite API has at most ${SUBREQUESTS} subrequests, not ${compositeRequest.length}`,
    );
  const answers = new Map<string, SubAnswer>();
  const run = () => {
    for (const given of compositeRequest) {
      const { method, url, referenceId, body: inner } = asObject(given);
      if (typeof referenceId !== "string" || referenceId === "" || answers.has(referenceId))
        throw new Refusal(400, "JSON_PARSER_ERROR", "referenceId: each subrequest needs one of its own");
      const answer = attempt(() =>
        store.transaction(() =>
          perform(subrequest(String(method), fill(String(url), answers) as string, fill(inner, answers))),
        ),
      );
      const httpHeaders = answer.headers ?? {};
      const sub = { body: answer.body ?? null, httpHeaders, httpStatusCode: answer.status, referenceId };
      answers.set(referenceId, sub);
      if (allOrNone === true && answer.status >= 300) throw new Halted();
    }
  };
  try {
    store.transaction(run);
  } catch (error) {
    if (!(error instanceof Halted)) throw error;
    const last = [...answers.keys()].at(-1);
    for (const given of compositeRequest) {
      const referenceId = String(asObject(given)["referenceId"]);
      if (referenceId !== last) answers.set(referenceId, halted(referenceId));
    }
  }
  const order = compositeRequest.map((given) => answers.get(String(asObject(given)["referenceId"])));
  return { status: 200, body: { compositeResponse: order } };
}

class Halted extends Error {}

function halted(referenceId: string): SubAnswer {
  const message = "The transaction was rolled back since another operation in the same transaction failed.";
  return {
    body: [{ errorCode: "PROCESSING_HALTED", message }],
    httpHeaders: {},
    httpStatusCode: 400,
    referenceId,
  };
}

function attempt(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.body() };
    throw error;
  }
}

function subrequest(method: string, url: string, body: unknown): Request {
  const [path = "", query] = url.split("?", 2);
  return { method, path: decodePath(path), query: new URLSearchParams(query), headers: {}, body };
}

/** `@{reference.field}` and `@{reference.records[0].Id}` anywhere in texts. */
function fill(value: unknown, answers: ReadonlyMap<string, SubAnswer>): unknown {
  if (typeof value === "string")
    return value.replaceAll(/@\{(\w+)\.([\w.[\]]+)\}/g, (_all, reference: string, path: string) => {
      let here: unknown = answers.get(reference)?.body;
      for (const step of path.split(/[.[\]]+/).filter((step) => step !== ""))
        here = (here as Record<string, unknown> | undefined | null)?.[step];
      if (typeof here === "string") return here;
      throw new Refusal(
        400,
        "PROCESSING_HALTED",
        `Invalid reference specified. No value for ${reference}.${path} found`,
      );
    });
  if (Array.isArray(value)) return value.map((inner) => fill(inner, answers));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, answers)]));
}
