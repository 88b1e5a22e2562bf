import type { Answer, Request } from "../answer.ts";
import { newCall, type Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import type { Fault } from "../fault/fault.ts";
import { Refusal } from "../refusal.ts";
import { referenceIn } from "../reference.ts";
import { performUnit, refuseUsedReferences } from "../unit.ts";
import { errorAnswer, odataError } from "./odata-error.ts";
import { parseBatch, printBatch, type Item } from "./multipart.ts";
import type { ODataService } from "./odata-service.ts";

/** `$batch`: changesets are all or nothing, requests outside of them stand alone and do not stop each other. */
export class Batch {
  readonly #erp: Erp;
  readonly #service: ODataService;
  readonly #onTokensEnd: () => void;

  constructor(erp: Erp, service: ODataService, onTokensEnd: () => void) {
    this.#erp = erp;
    this.#service = service;
    this.#onTokensEnd = onTokensEnd;
  }

  perform(request: Request, who: string, url: string, fault?: Fault): Answer {
    let items: Item[];
    try {
      items = parseBatch(request.body, request.headers["content-type"] ?? "");
    } catch (error) {
      if (error instanceof Refusal) return odataError(error, "");
      throw error;
    }
    const until = fault?.kind === "half-batch" ? Math.ceil(items.length / 2) : items.length;
    const endAt = fault?.kind === "token-expired" ? (fault.afterRows ?? 0) : items.length;
    const answers = items.slice(0, until).map((item, index) => {
      if (index < endAt) return this.#performItem(item, who, url);
      this.#onTokensEnd();
      return { status: 401, headers: { "www-authenticate": "Bearer" }, body: "" };
    });
    return printBatch(
      answers,
      items.map(({ parts }) => parts.map(({ headers }) => headers["content-id"] ?? "")),
    );
  }

  #performItem({ changeset, parts }: Item, who: string, url: string): Answer | Answer[] {
    const requests = parts.map(({ request }) => request);
    const calls = requests.map(({ body }) => newCall("api", who, referenceIn(body)));
    const [request, call] = [requests[0], calls[0]];
    if (!request || !call) return [];
    if (!changeset) return this.#service.perform(request, call, url);
    let at = request;
    try {
      refuseUsedReferences(
        this.#erp,
        calls.map(({ reference }) => reference),
      );
      const done = performUnit(this.#erp, call, () =>
        requests.map((each, index) => {
          at = each;
          if (each.method === "GET") throw new Refusal("InvalidBatch", "A changeset cannot hold a GET");
          const own: Call = { ...call, reference: calls[index]?.reference ?? "" };
          return this.#service.write(each, own);
        }),
      );
      return done.map((each) => this.#service.render(each, url));
    } catch (error) {
      if (error instanceof Refusal) return odataError(error, this.#service.entityOf(at));
      process.stderr.write(`${(error as Error).stack}\n`);
      return errorAnswer(500, "An unexpected error has occurred.", "System.Exception");
    }
  }
}
