import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openAudit } from "../audit/audit.ts";
import { verifyWhenDue } from "../audit/verification.ts";
import { buildApi } from "../api/app.ts";
import type { ApiContext } from "../api/context.ts";
import type { CaseRules } from "../case/open.ts";
import type { Project } from "../config/project.ts";
import { LiveCrosswalk } from "../crosswalk/live.ts";
import { openPool } from "../db/pool.ts";
import type { Store } from "../db/store.ts";
import { Keeper } from "../intake/keeper.ts";
import { Pressure } from "../intake/pressure.ts";
import { Intake } from "../intake/receive.ts";
import { LEASE_MS, openLeases, type Leases } from "../lease/leases.ts";
import { Appender } from "../ledger/append.ts";
import type { Mappings } from "../mapping/mappings.ts";
import { Sources } from "../ledger/source.ts";
import { Lookout } from "../ledger/lookout.ts";
import { Recent } from "../ledger/recent.ts";
import { Tail } from "../ledger/tail.ts";
import { loadProcesses, revisionOf } from "../process/load.ts";
import { WATCH, watchServiceLevels } from "../level/watch.ts";
import type { Logger } from "../telemetry/logger.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { Bell } from "../ledger/bell.ts";
import { findViews, revisionOfViews } from "../view/scan.ts";
import { readCrashPoint } from "./crash-point.ts";
import { surroundingsOf } from "./effect-catalog.ts";
import { effectRulesOf } from "./effect-rules.ts";
import { plantCalendars } from "./plant-calendars.ts";
import { selectLedgerId } from "./queries.ts";
import { startLoop } from "./loop.ts";
import { answerersOf, openSpeakers, type Speaker } from "./sessions.ts";
import { createBells, leaseNames, Work } from "./work.ts";

export interface HubOptions {
  readonly project: Project;
  /** Where the embedded database, keys and anchors live: `<project>/.interlock`. */
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
  readonly adminToken: string;
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  readonly leaseMs?: number;
  readonly log: Logger;
}

export interface Hub {
  readonly id: string;
  readonly url: string;
  readonly store: Pick<Store, "origin" | "say">;
  /** Ends what is in hand, gives up the leases, closes the database. */
  readonly stop: () => Promise<void>;
}

const HOME = fileURLToPath(new URL("../..", import.meta.url));
const VERSION = "0.1.0";
const AUDIT_MS = 1_000;
const VERIFY_MS = 5_000;
/** A hub that has just come up has other things to do than to look through the whole ledger. */
const VERIFY_AFTER_MS = 60_000;
/** A state older than the last anchor is noticed when it is restored: this is how much may go unnoticed at most. */
const ANCHOR_MS = 10_000;

/** What may not be there yet. */
export interface Beginnings {
  readonly opening: Promise<Store>;
  readonly mapping: Promise<Mappings | undefined>;
}

export async function bringUp(
  {
    project,
    dataDir,
    adminToken,
    host = "127.0.0.1",
    port = 0,
    leaseMs = project.takeOverAfterMs ?? LEASE_MS,
    log,
  }: HubOptions,
  id: string,
  { opening, mapping }: Beginnings,
  started: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Hub> {
  const folders = [join(HOME, "processes"), join(project.folder, "processes")];
  const definitions = new Map(await loadProcesses(folders, project.processes));
  if (project.serviceLevels.length > 0) definitions.set(WATCH, watchServiceLevels(project.serviceLevels));
  const views = await findViews();
  const store = await opening;
  const { pool } = store;
  const renewals = openPool({ url: store.url, application: `interlock:${id}:lease`, max: 3 });
  started.push(() => renewals.end());
  const crash = readCrashPoint(process.env["INTERLOCK_CRASH_AT"]);
  crash?.watchPool(pool);
  crash?.watchPool(renewals);

  const crosswalk = new LiveCrosswalk(pool, project.crosswalk.rows);
  const speakers = await openSpeakers(project, await mapping, crosswalk);
  started.push(() => speakers.close());
  for (const { session } of speakers.of.values()) if (session) crash?.watchSession(session);

  const failed = (error: unknown, what: string) =>
    log.error({ event: "work.failed", work: what, err: error }, `${what} failed`);
  const bells = createBells(project.systems.keys());
  const lookout = new Lookout();
  const sources = new Sources(pool);
  const recent = new Recent();
  // A failover to an older state breaks connections: what is in mind may be gone from the ledger.
  pool.on("remove", () => void recent.forget());
  const appender = new Appender(pool, bells.ledger, recent);
  const keeper = new Keeper(pool, (system) => bells.kept.get(system)?.ring());
  const rules = { contracts: project.contracts, authority: project.authority };
  const cases: CaseRules = {
    roleOf: (system) => project.systems.get(system)?.role,
    caseDueAt: plantCalendars(project).caseDueAt,
  };
  const ledgerId = await selectLedgerId(pool);
  // Before anything is sent: whether this is still the past that was anchored.
  const audit = await openAudit({
    pool,
    dir: dataDir,
    everyMs: ANCHOR_MS,
    streams: polledStreams(speakers.of),
  });
  started.push(() => audit.close());
  if (audit.recovery !== undefined) log.warn({ event: "recovery.began" }, audit.recovery);
  const auditing = startLoop({
    name: "audit",
    step: () => audit.step().then(() => false),
    lookout: { everyMs: AUDIT_MS },
    failed(error) {
      failed(error, "audit");
      return false;
    },
  });
  started.push(() => auditing.stop());
  const up = performance.now();
  const verifying = startLoop({
    name: "verify",
    step: (signal) =>
      verifyWhenDue(
        {
          pool,
          hub: id,
          dir: dataDir,
          byClock: performance.now() - up > VERIFY_AFTER_MS,
          alarm: (what) => log.error({ event: "ledger.tampered" }, what),
        },
        signal,
      ),
    lookout: { everyMs: VERIFY_MS },
    failed(error) {
      failed(error, "verify");
      return false;
    },
  });
  started.push(() => verifying.stop());
  const opened = Promise.withResolvers<Leases>();
  const work = new Work({
    pool,
    hub: id,
    leaseMs,
    project,
    definitions,
    views,
    surroundings: (claimable) => surroundingsOf(project, ledgerId, claimable),
    rules: cases,
    speakers: speakers.of,
    admission: { sources, rules, cases },
    appender,
    bells,
    keeper,
    recent,
    lookout,
    unreadable: (stream, why) =>
      log.warn({ event: "stream.unreadable", stream }, `${stream} cannot be read: ${why}`),
    renew: () => void opened.promise.then((leases) => leases.look()),
    failed,
  });
  const leases = await openLeases({
    pool: renewals,
    hub: id,
    revision: revisionOf(definitions) + revisionOfViews(views) + project.revision,
    names: leaseNames(project),
    leaseMs,
    begin: (lease, lost) => work.begin(lease, lost),
    living: (hubs) => lookout.tell(hubs),
    failed,
  });
  opened.resolve(leases);
  started.push(() => leases.close());

  const context: ApiContext = {
    hub: { id, version: VERSION },
    adminToken,
    access: project.access,
    pool,
    bell: ringing(() => {
      for (const kept of bells.kept.values()) kept.ring();
      bells.ledger.ring();
      work.wake();
    }),
    tail: new Tail(pool, bells.ledger, lookout, recent),
    intake: new Intake({ pool, appender, sources, rules, cases }),
    keeper,
    pressure: new Pressure(),
    contracts: project.contracts,
    processes: definitions,
    systems: project.systems,
    project,
    caseDueAt: cases.caseDueAt,
    effectRules: effectRulesOf(project),
    pushedStream: (system, stream) => speakers.of.get(system)?.pushed(stream),
    crosswalk,
    pulseOf: (system) => work.pulseOf(system),
    sessionOf: (system) => speakers.of.get(system)?.session,
    answerers: (query) => answerersOf(query, speakers.of),
    log,
    metrics: new Metrics(),
  };
  const api = await buildApi(context);
  started.push(() => api.close());
  const url = await api.listen({ host, port });
  log.info({ event: "hub.ready", url, database: store.origin, fingerprint: project.fingerprint }, "ready");
  return { id, url, store, stop };
}

function polledStreams(speakers: ReadonlyMap<string, Speaker>): { system: string; stream: string }[] {
  return [...speakers.values()].flatMap(({ system, connector }) =>
    Object.entries(connector?.streams ?? {})
      .filter(([, { kind }]) => kind === "poll")
      .map(([stream]) => ({ system: system.id, stream })),
  );
}

/** A bell that hands each ring on. */
function ringing(on: () => void): Bell {
  const bell = new Bell();
  const ring = bell.ring.bind(bell);
  bell.ring = () => {
    ring();
    on();
  };
  return bell;
}
