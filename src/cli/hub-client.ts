import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Command } from "commander";

import { Failure } from "./failure.ts";
import { withProject } from "./command.ts";

/** What a hub leaves in `<project>/.interlock/hub.json` while it runs. */
export interface HubFile {
  readonly url: string;
  /** Absent when the environment gave the token. */
  readonly tokenFile?: string;
}

export interface HubOptions {
  readonly project: string;
  readonly url?: string;
}

export function withHub(command: Command): Command {
  return withProject(command).option(
    "--url <address>",
    "the hub's address, instead of the project's running hub",
  );
}

/** Calls the HTTP API of a running hub: the command line can do nothing that another client could not. */
export class HubClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url.replace(/\/$/, "");
    this.#token = token;
  }

  get url(): string {
    return this.#url;
  }

  get<Answer>(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<Answer> {
    const asked = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const search = asked.length > 0 ? `?${new URLSearchParams(asked)}` : "";
    return this.#call<Answer>("GET", `${path}${search}`);
  }

  post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#call<Answer>("POST", path, body);
  }

  /** Every item of a list, page after page, up to `limit`. */
  async list<Item>(
    path: string,
    query: Readonly<Record<string, string | undefined>>,
    limit: number,
  ): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const size = String(Math.min(200, limit - items.length));
      const page = await this.get<{ items: Item[]; next: string | null }>(path, {
        ...query,
        limit: size,
        cursor,
      });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined && items.length < limit);
    return items;
  }

  async #call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.#fetch(method, path, body);
    const text = await answer.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (cause) {
      throw new Failure(
        "HUB_ANSWER",
        `${this.#url} answered ${answer.status} without JSON: is it an Interlock hub?`,
        undefined,
        { cause },
      );
    }
    if (answer.ok) return json as Answer;
    const {
      code = "HUB_ANSWER",
      detail = `${this.#url} answered ${answer.status}`,
      remedy,
    } = json as Partial<Record<string, string>>;
    throw new Failure(code, detail, remedy);
  }

  async #fetch(method: string, path: string, body: unknown): Promise<Response> {
    try {
      return await fetch(`${this.#url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(60_000),
      });
    } catch (cause) {
      const { code, message } = ((cause as Error).cause ?? cause) as { code?: string; message: string };
      throw new Failure(
        "HUB_UNREACHABLE",
        `the hub at ${this.#url} does not answer: ${code ?? message}`,
        "See that it runs (interlock run), or name another with --url.",
        { cause },
      );
    }
  }
}

/** The project's running hub, or the one that `--url` names with the token from INTERLOCK_ADMIN_TOKEN. */
export function connectHub({ project, url }: HubOptions): HubClient {
  const folder = join(resolve(project), ".interlock");
  const file = readHubFile(join(folder, "hub.json"));
  const address = url ?? file?.url;
  if (address === undefined) {
    throw new Failure(
      "HUB_UNKNOWN",
      `no hub runs for the project in ${resolve(project)}`,
      "Start one with interlock run, or name one with --url.",
    );
  }
  const token =
    process.env["INTERLOCK_ADMIN_TOKEN"] ?? readToken(file?.tokenFile ?? join(folder, "admin-token"));
  return new HubClient(address, token);
}

/** Undefined when no hub has left one. */
export function readHubFile(path: string): HubFile | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as HubFile;
  } catch {
    return undefined; // Being written at this moment, or cut off by a full disk: as good as none.
  }
}

function readToken(path: string): string {
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  throw new Failure(
    "HUB_UNKNOWN",
    `there is no token in ${path}`,
    "Set INTERLOCK_ADMIN_TOKEN to the hub's token.",
  );
}
