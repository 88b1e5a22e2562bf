import { type Pool, query } from "../../db/pool.ts";
import { filtered } from "../filter.ts";
import { plantCondition, type Scope } from "../scope.ts";
import type { CaseRow, CaseWhole, MemberRow } from "./case.ts";

const COLUMNS = `c.id, c.kind, c.owner, c.assignee, c.state, c.title, c.subject, c.system, c.plant, c.correlation,
  c.opened_at as "openedAt", c.sla_at as "slaAt", c.closed_at as "closedAt", c.closed_by as "closedBy", c.resolution, c.version`;

export interface CaseFilter {
  readonly state?: string | undefined;
  readonly owner?: string | undefined;
  readonly kind?: string | undefined;
  readonly system?: string | undefined;
  readonly plant?: string | undefined;
  readonly object?: string | undefined;
  readonly assignee?: string | undefined;
  readonly scope?: Scope;
}

/** Newest first. */
export async function selectCases(
  pool: Pool,
  { state, owner, kind, system, plant, object, assignee, scope }: CaseFilter,
  before: number | undefined,
  limit: number,
): Promise<CaseRow[]> {
  const { statement, values } = filtered(
    "api_cases",
    `select ${COLUMNS} from cases c`,
    [
      ["c.state = ?", state],
      ["c.owner = ?", owner],
      ["c.kind = ?", kind],
      ["c.system = ?", system],
      ["c.plant = ?", plant],
      plantCondition("c.plant", scope),
      ["c.subject = ?", object],
      ["c.assignee = ?", assignee],
      ["c.id < ?", before],
    ],
    ["order by c.id desc limit ?", limit],
  );
  return query<CaseRow>(pool, statement, values);
}

/** Cases about these objects, or that these effects are members of. Oldest first. */
export async function selectCasesAbout(
  pool: Pool,
  subjects: readonly string[],
  references: readonly string[],
  limit: number,
): Promise<CaseRow[]> {
  return query<CaseRow>(
    pool,
    {
      name: "api_cases_about",
      text: `select ${COLUMNS} from cases c where c.id in (
          select id from cases where subject = any ($1)
          union select case_id from case_members where kind = 'effect' and ref = any ($2))
        order by c.id limit $3`,
    },
    [subjects, references, limit],
  );
}

export async function selectCaseWhole(pool: Pool, id: number): Promise<CaseWhole | undefined> {
  const [row] = await query<CaseWhole>(
    pool,
    { name: "api_case", text: `select ${COLUMNS}, c.detail::json as detail from cases c where c.id = $1` },
    [id],
  );
  return row;
}

/** What the case is about, what still waits first. */
export async function selectMembers(pool: Pool, id: number, limit: number): Promise<MemberRow[]> {
  return query<MemberRow>(
    pool,
    {
      name: "api_case_members",
      text: `select kind, ref, at, settled from case_members where case_id = $1 order by settled, at, kind, ref limit $2`,
    },
    [id, limit],
  );
}
