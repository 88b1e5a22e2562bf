import { Type } from "typebox";

import type { LiveRow } from "../../crosswalk/live.ts";
import { actOnMessage } from "../../intake/readmit.ts";
import { now } from "../now.ts";
import { answerPage, cursorOf, PAGE_QUERY, pageOf, readPage } from "../page.ts";
import { WORD, wordOf } from "../person.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { oneOf, strictObject, text } from "../schema.ts";
import { isInScope, requirePlant, type Scope, scopeOf } from "../scope.ts";
import { ROW, type RowAnswer, TABLE, UNMAPPED, VALUE } from "./crosswalk.ts";
import { selectUnmapped, selectWaitingFor } from "./queries.ts";

const UNMAPPED_LIMIT = 500;
/** More messages than these are admitted again from their case. */
const READMITTED_LIMIT = 1_000;
const CURSOR = cursorOf(Type.String(), Type.String(), Type.String());

export default defineRoutes((api, { pool, bell, systems, crosswalk }) => {
  const seen = (scope: Scope) => (system: string) =>
    system === "*" || isInScope(scope, systems.get(system)?.plant);

  api.get(
    "/v1/crosswalks",
    {
      config: { access: "crosswalk.read" },
      schema: {
        tags: ["mappings"],
        summary: "The crosswalk's tables: for each system and kind, how many rows",
        response: { 200: Type.Object({ items: Type.Array(TABLE) }) },
      },
    },
    async (request) => {
      const isSeen = seen(scopeOf(request));
      const rows = (await crosswalk.rows()).filter(({ system }) => isSeen(system));
      const tables = Map.groupBy(rows, ({ system, kind }) => JSON.stringify([system, kind]));
      const items = [...tables.values()].map((each) => ({
        system: each[0]!.system,
        kind: each[0]!.kind,
        rows: each.length,
        entries: each.filter(({ entry }) => entry).length,
      }));
      return { items: items.toSorted((a, b) => compare([a.system, a.kind], [b.system, b.kind])) };
    },
  );

  api.get(
    "/v1/crosswalks/rows",
    {
      config: { access: "crosswalk.read" },
      schema: {
        tags: ["mappings"],
        summary: "The rows in force, by system, kind and native value",
        querystring: strictObject({
          system: Type.Optional(text("The system, or *.", 60)),
          kind: Type.Optional(text("item", 60)),
          origin: Type.Optional(oneOf(["file", "entry"])),
          search: Type.Optional(text("Stands in the native or the canonical value.", 200)),
          ...PAGE_QUERY,
        }),
        response: { 200: pageOf(ROW) },
      },
    },
    async (request) => {
      const { system, kind, origin, search } = request.query;
      const { after, limit } = readPage(request.query, CURSOR);
      const isSeen = seen(scopeOf(request));
      const words = search?.toLowerCase();
      const found = (await crosswalk.rows())
        .filter(
          (row) =>
            isSeen(row.system) &&
            (system === undefined || row.system === system) &&
            (kind === undefined || row.kind === kind) &&
            (origin === undefined || (row.entry ? "entry" : "file") === origin) &&
            (words === undefined || `${row.native}\n${row.canonical}`.toLowerCase().includes(words)) &&
            (after === undefined || compare(keyOf(row), after) > 0),
        )
        .toSorted((a, b) => compare(keyOf(a), keyOf(b)));
      return answerPage(found.slice(0, limit + 1), limit, keyOf, showRow);
    },
  );

  api.get(
    "/v1/crosswalks/unmapped",
    {
      config: { access: "crosswalk.read" },
      schema: {
        tags: ["mappings"],
        summary: "Values without a row, by how many messages wait for one",
        response: { 200: Type.Object({ items: Type.Array(UNMAPPED) }) },
      },
    },
    async (request) => {
      const isSeen = seen(scopeOf(request));
      const ids = [...systems.keys()].filter(isSeen);
      const [waiting, rows] = await Promise.all([
        selectUnmapped(pool, ids, UNMAPPED_LIMIT),
        crosswalk.rows(),
      ]);
      const items = waiting.map((value) => {
        const same = rows.filter(({ kind, native }) => kind === value.kind && native === value.native);
        return { ...value, suggestions: [...new Set(same.map(({ canonical }) => canonical))].slice(0, 5) };
      });
      return { items };
    },
  );

  api.post(
    "/v1/crosswalks/rows",
    {
      config: { access: "crosswalk.write" },
      schema: {
        tags: ["mappings"],
        summary: "Say what a system's value means, and let the messages that wait for it go on",
        description:
          "In force at once, ahead of the crosswalk files: the ledger keeps who said it and why. Bring it home to git with the export; a row of a file stands before it.",
        body: strictObject({
          ...VALUE,
          preferred: Type.Optional(
            Type.Boolean({ description: "Of several native values with one meaning, the one to write." }),
          ),
          readmit: Type.Optional(
            Type.Boolean({
              description: "Try the quarantined messages that name it again; true unless told.",
            }),
          ),
          ...WORD,
        }),
        response: {
          200: Type.Object({
            row: ROW,
            readmitted: Type.Integer({ description: "Messages that are tried again." }),
          }),
        },
      },
    },
    async (request) => {
      const { system, kind, native, canonical, preferred = false, readmit = true } = request.body;
      const plant = systems.get(system)?.plant;
      if (system !== "*" && (!systems.has(system) || !isInScope(scopeOf(request), plant)))
        throw notFound("system", system);
      requirePlant(request, plant, `the crosswalk of ${system}`);
      const word = wordOf(request, request.body);
      const row = await crosswalk.add(
        { system, kind, native, canonical, preferred },
        { ...word, now: now() },
      );
      bell.ring();
      const asked = system === "*" ? [...systems.keys()] : [system];
      const ids = readmit ? await selectWaitingFor(pool, asked, { kind, native }, READMITTED_LIMIT) : [];
      let readmitted = 0;
      for (const id of ids) readmitted += await actOnMessage({ pool, bell }, id, "readmit", word);
      return { row: showRow(row), readmitted };
    },
  );

  api.get(
    "/v1/crosswalks/export",
    {
      config: { access: "crosswalk.read" },
      schema: {
        tags: ["mappings"],
        summary: "The entries that no file has yet, as a crosswalk file",
        description: "Put it into the project's crosswalks/ folder: from then on the file's row counts.",
        produces: ["text/csv"],
      },
    },
    async (request, reply) => {
      const isSeen = seen(scopeOf(request));
      const entries = (await crosswalk.waitingForFile()).filter(({ system }) => isSeen(system));
      const lines = entries.map(({ system, kind, native, canonical, preferred, actor, reason, addedAt }) =>
        [
          comment(`${addedAt.slice(0, 10)} ${actor}: ${reason}`),
          [system, kind, native, `${preferred ? "+" : ""}${canonical}`].map(cell).join(","),
        ].join("\n"),
      );
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", 'attachment; filename="entries.csv"')
        .send(`system,kind,native,canonical\n${lines.map((line) => `${line}\n`).join("")}`);
    },
  );
});

function keyOf({ system, kind, native }: LiveRow): [string, string, string] {
  return [system, kind, native];
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [n, text] of a.entries()) if (text !== b[n]) return text < b[n]! ? -1 : 1;
  return 0;
}

function showRow({ system, kind, native, canonical, preferred, entry }: LiveRow): RowAnswer {
  return {
    system,
    kind,
    native,
    canonical,
    preferred,
    origin: entry ? "entry" : "file",
    actor: entry?.actor ?? null,
    reason: entry?.reason ?? null,
    addedAt: entry?.addedAt ?? null,
  };
}

/** One line: what a person wrote must not become a row. */
function comment(words: string): string {
  return `# ${words.replaceAll(/\s+/g, " ")}`;
}

function cell(value: string): string {
  return /[",\r\n#]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
