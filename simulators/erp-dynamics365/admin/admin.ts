import { jsonAnswer, type Answer, type Request } from "../answer.ts";
import type { Automation } from "../automation.ts";
import type { Erp } from "../erp.ts";
import { isExact, isObject, parseExact } from "../exact-json.ts";
import type { Faults } from "../fault/fault.ts";
import type { SlowCommits } from "../fault/slow-commit.ts";
import type { MessageProcessor } from "../message-queue/message-processor.ts";
import { MESSAGES } from "../message-queue/message.ts";
import { Refusal, refuse } from "../refusal.ts";
import { seedErp } from "../seed/seed.ts";
import { changeSettings } from "../settings.ts";
import { restoreSnapshot, takeSnapshot } from "../store/snapshot.ts";
import { performClerks } from "./clerk.ts";
import { COMPARISONS } from "./comparison.ts";
import { editByHand } from "./edit.ts";

const PAGE_LIMIT = 5000;

/** The side door: the book, the faults, the clock, and what people at the ERP's own screens would do. */
export class Admin {
  readonly #erp: Erp;
  readonly #faults: Faults;
  readonly #processor: MessageProcessor;
  readonly #slowCommits: SlowCommits;
  readonly #automation: Automation;

  constructor(
    erp: Erp,
    faults: Faults,
    processor: MessageProcessor,
    slowCommits: SlowCommits,
    automation: Automation,
  ) {
    this.#erp = erp;
    this.#faults = faults;
    this.#processor = processor;
    this.#slowCommits = slowCommits;
    this.#automation = automation;
  }

  perform(request: Request): Answer {
    try {
      return jsonAnswer(200, this.#perform(request));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message, field, facts } = error;
      return jsonAnswer(status === 400 ? 422 : status, { code, message, field, ...facts });
    }
  }

  #perform({ method, path, query, body: text }: Request): unknown {
    const erp = this.#erp;
    const [, , noun = "", encoded = ""] = path.split("/");
    const id = decode(encoded);
    const parsed = text === "" ? {} : parseExact(text);
    const body = isObject(parsed) ? parsed : {};
    switch (`${method} ${noun}`) {
      case "GET health":
        return { status: "up" };
      case "GET book":
        if (id === "summary") return erp.book.summary();
        return id === "times"
          ? { times: erp.book.timesOf(query.get("operation") ?? "") }
          : this.#readBook(query);
      case "GET references":
        return { ...erp.book.countsOf(id), entries: erp.book.byReference(id) };
      case "GET settings":
        return erp.settings;
      case "PATCH settings":
        erp.settings = changeSettings(erp.settings, toNumbers(body) as Record<string, unknown>);
        this.#automation.start();
        return erp.settings;
      case "GET clock":
        return { now: erp.clock.iso(), speed: erp.clock.state.speed };
      case "POST clock":
        erp.clock.set(toNumbers(body) as Record<string, unknown>);
        erp.store.keep("clock", erp.clock.state);
        return { now: erp.clock.iso(), speed: erp.clock.state.speed };
      case "GET faults":
        return id === "struck" ? this.#faults.struck : this.#faults.armed;
      case "POST faults":
        this.#faults.arm(toNumbers(parsed));
        return this.#faults.armed;
      case "DELETE faults":
        this.#faults.clear();
        return [];
      case "PUT seed":
        this.#faults.reseed(Number(id));
        return { seed: Number(id) };
      case "POST seed":
        return this.#seed(body);
      case "POST commits":
        this.#slowCommits.commitAll();
        return {};
      case "POST tick":
        this.#automation.run(true);
        return this.#countMessages();
      case "GET messages":
        return this.#countMessages();
      case "POST resend":
        erp.events.resend(Number(id));
        return {};
      case "PUT snapshots":
        takeSnapshot(erp.store, id);
        return { name: id };
      case "POST restore":
        restoreSnapshot(erp.store, id);
        return erp.book.summary();
      case "POST edit":
        return editByHand(erp, body);
      case "POST clerk":
        return performClerks(erp, this.#processor, parsed, text);
      default: {
        const compare = method === "GET" && Object.hasOwn(COMPARISONS, noun) ? COMPARISONS[noun] : undefined;
        if (compare) return compare(erp);
        throw new Refusal("NoSuchOperation", `${method} ${path} is not served here`, { status: 404 });
      }
    }
  }

  /** `replace: true` takes everything out first: another company moves in. */
  #seed({ replace, ...document }: Record<string, unknown>): object {
    const { store } = this.#erp;
    return store.transact(() => {
      if (replace === true) {
        store.empty();
        store.statement("delete from business_event").run();
      }
      return seedErp(this.#erp, document);
    });
  }

  #readBook(query: URLSearchParams): object {
    const after = Number(query.get("after") ?? "0");
    const limit = Number(query.get("limit") ?? "1000");
    if (!Number.isSafeInteger(after) || after < 0)
      refuse("InvalidCursor", "after must be a sequence of the book");
    if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_LIMIT)
      refuse("InvalidLimit", `limit must be 1 to ${PAGE_LIMIT}`);
    const entries = this.#erp.book.after(after, limit);
    return { entries, next: entries.at(-1)?.sequence ?? after };
  }

  #countMessages(): Record<string, number> {
    const rows = this.#erp.store
      .statement(
        `select json_extract(body, '$.MessageState') as state, count(*) as times
         from ${this.#erp.store.recordsOf(MESSAGES)} group by state`,
      )
      .all() as { state: string; times: number }[];
    return Object.fromEntries(rows.map(({ state, times }) => [state, times]));
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse("InvalidPath", "the path is not percent-encoded text");
  }
}

/** Settings and faults are counted in plain numbers. */
function toNumbers(value: unknown): unknown {
  if (isExact(value)) return value.toNumber();
  if (Array.isArray(value)) return value.map(toNumbers);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toNumbers(item)]));
  return value;
}
