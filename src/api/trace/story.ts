/*
 * A story is read by walking, not by one identifier: the plant knows only its work order, the customer only their order, and
 * between them stand links that are many-to-many and may be learned late.
 *
 * From where the reader begins, the walk goes up to what it was made for and down to what was made for it, never up and down
 * again: a production order that serves forty customers would drag all their stories in. Below the beginning everything with
 * that root object belongs to the story; above it only what is about those very objects.
 */
import type { Pool } from "../../db/pool.ts";
import type { LedgerEvent } from "../../event/envelope.ts";
import { parseSubject } from "../../event/envelope.ts";
import { readAt } from "../../ledger/read.ts";
import type { ProcessDefinition } from "../../process/contract.ts";
import { selectCasesAbout } from "../cases/queries.ts";
import { selectEffectsOfInstances } from "../effects/queries.ts";
import { selectInstancesOf } from "../instances/queries.ts";
import type { StoryAnswer } from "./answer.ts";
import {
  selectHeldMessages,
  selectKinds,
  selectKnownObjects,
  selectLinksAmong,
  selectObjectsNamed,
  selectStory,
  walkLinks,
} from "./queries.ts";

/** The answer with the events as the ledger has them. */
export type Story = Omit<StoryAnswer, "asked" | "events"> & { events: LedgerEvent[] };

const OBJECTS_LIMIT = 300;
const ROWS_LIMIT = 1_000;

/**
 * The objects an identifier can mean: `salesOrder/SO-1001`, a bare `SO-1001` of whatever kind, an effect's reference, an
 * event's position or id. Empty when nothing is known of it.
 */
export async function findObjects(pool: Pool, id: string): Promise<string[]> {
  const kinds = parseSubject(id) ? [] : await selectKinds(pool);
  const candidates = [...(parseSubject(id) ? [id] : []), ...kinds.map((kind) => `${kind}/${id}`)];
  const [known, named] = await Promise.all([
    selectKnownObjects(pool, candidates),
    selectObjectsNamed(pool, id),
  ]);
  return [...new Set([...known, ...named])];
}

export async function readStory(
  pool: Pool,
  asked: readonly string[],
  processes: Iterable<ProcessDefinition>,
): Promise<Story> {
  const [up, down] = await Promise.all([
    walkLinks(pool, asked, "up", OBJECTS_LIMIT),
    walkLinks(pool, asked, "down", OBJECTS_LIMIT),
  ]);
  const linked = [...new Set([...asked, ...up, ...down])];
  const rows = await selectStory(pool, linked, [...new Set([...asked, ...down])], ROWS_LIMIT + 1);
  const subjects = [...new Set([...linked, ...rows.map(({ subject }) => subject)])].slice(0, OBJECTS_LIMIT);

  const [events, links, instances, messages] = await Promise.all([
    readAt(
      pool,
      rows.slice(0, ROWS_LIMIT).map(({ seq }) => seq),
    ),
    selectLinksAmong(pool, subjects, ROWS_LIMIT),
    selectInstancesOf(pool, possibleInstances(subjects, processes)),
    selectHeldMessages(pool, subjects, ROWS_LIMIT),
  ]);
  const effects = await selectEffectsOfInstances(pool, instances, ROWS_LIMIT);
  const references = effects.map(({ reference }) => reference);
  const above = new Set(up.filter((object) => !asked.includes(object)));
  return {
    objects: subjects.map((object) => ({
      object,
      place: asked.includes(object) ? "asked" : above.has(object) ? "above" : "below",
    })),
    links,
    events,
    instances,
    effects,
    cases: await selectCasesAbout(pool, subjects, references, ROWS_LIMIT),
    messages,
    truncated: rows.length > ROWS_LIMIT || effects.length === ROWS_LIMIT || subjects.length === OBJECTS_LIMIT,
  };
}

function possibleInstances(
  subjects: readonly string[],
  processes: Iterable<ProcessDefinition>,
): { process: string; key: string }[] {
  const objects = subjects.map((subject) => parseSubject(subject)!);
  return [...processes].flatMap(({ name, subjectKind }) =>
    objects.filter(({ kind }) => kind === subjectKind).map(({ id }) => ({ process: name, key: id })),
  );
}
