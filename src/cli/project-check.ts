import { join } from "node:path";

import { checkProject } from "../config/check.ts";
import { loadProject } from "../config/load.ts";
import { ProcessError } from "../process/errors.ts";
import { type Definitions, loadProcesses } from "../process/load.ts";
import { eventFindings, type EventRow, eventTable } from "./event-table.ts";
import { HOME } from "./home.ts";

export interface Finding {
  readonly area: string;
  readonly message: string;
}

export interface ProjectCheck {
  readonly findings: readonly Finding[];
  /** Empty where the project cannot be read. */
  readonly events: readonly EventRow[];
}

/** Everything that can be found wrong with a project without running it. */
export async function checkAll(folder: string): Promise<ProjectCheck> {
  const findings: Finding[] = await checkProject(folder);
  const definitions = await loadAll(folder, findings);
  const unreadable = findings.some(({ area }) => area === "config");
  if (!definitions || unreadable) return { findings, events: [] };
  const events = eventTable(await loadProject(folder, null), definitions);
  const unread = eventFindings(events).map((message) => ({ area: "event", message }));
  return { findings: [...findings, ...unread], events };
}

async function loadAll(folder: string, findings: Finding[]): Promise<Definitions | undefined> {
  try {
    return await loadProcesses([join(HOME, "processes"), join(folder, "processes")]);
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    findings.push({ area: "process", message: error.message });
    return undefined;
  }
}
