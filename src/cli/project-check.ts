import { join } from "node:path";

import { checkProject } from "../config/check.ts";
import { ProcessError } from "../process/errors.ts";
import { loadProcesses } from "../process/load.ts";
import { HOME } from "./home.ts";

export interface Finding {
  readonly area: string;
  readonly message: string;
}

/** Everything that can be found wrong with a project without running it. */
export async function findAll(folder: string): Promise<Finding[]> {
  return [...(await checkProject(folder)), ...(await findInProcesses(folder))];
}

async function findInProcesses(folder: string): Promise<Finding[]> {
  try {
    await loadProcesses([join(HOME, "processes"), join(folder, "processes")]);
    return [];
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    return [{ area: "process", message: error.message }];
  }
}
