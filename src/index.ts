/** To run a hub from a program of one's own; `interlock run` does the same from the command line. */
export { ProjectError, type Project } from "./config/project.ts";
export { loadProject } from "./config/load.ts";
export type { Hub, HubOptions } from "./hub/bring-up.ts";
export { startHub } from "./hub/hub.ts";
export { createLogger } from "./telemetry/logger.ts";
export type { CloudEvent } from "./event/envelope.ts";
