/**
 * An integration without an engine: four scripts in one process. Settings come from the environment; the state is a folder of
 * small files. Killed, it goes on from them.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { brno } from "./brno.ts";
import { Endpoint } from "./endpoint.ts";
import { Files } from "./files.ts";
import { log } from "./log.ts";
import { lyon } from "./lyon.ts";
import { ordersToErp } from "./orders-to-erp.ts";
import { productionToPlant } from "./production-to-plant.ts";
import { repostReports } from "./reports-to-erp.ts";
import { statusToCrm } from "./status-to-crm.ts";
import { takeReports } from "./take-reports.ts";

const EVERY_MS = 500;

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`set ${name} in the environment`);
  return value;
}

function endpoint(system: string, tokenPath: string): Endpoint {
  return new Endpoint({
    url: setting(`${system}_URL`),
    tokenPath,
    clientId: setting(`${system}_CLIENT`),
    clientSecret: setting(`${system}_SECRET`),
  });
}

/** Looks again and again. What fails in one round is tried in the next one. */
async function repeat(stream: string, round: () => Promise<void>): Promise<never> {
  for (;;) {
    const beganAt = Date.now();
    await round().then(
      () => files.tellAlive(stream, beganAt),
      (error: Error) => log(`${stream}: ${error.message}`),
    );
    await delay(EVERY_MS);
  }
}

const files = new Files(setting("STATE"));
const crm = endpoint("CRM", "/services/oauth2/token");
const erp = endpoint("ERP", "/example.onmicrosoft.com/oauth2/v2.0/token");
const inLyon = lyon(endpoint("LYON", "/oauth/token"));
const inBrno = brno(endpoint("BRNO", "/bde/anmeldung"));

const server = takeReports({ lyon: inLyon, brno: inBrno }, erp, files, Number(setting("PORT")));
await once(server, "listening");
log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
await Promise.all([
  repeat("orders", () => ordersToErp(crm, erp, files)),
  repeat("production", () => productionToPlant(erp, { 1: inLyon, 2: inBrno }, files)),
  repeat("reports", () => repostReports(erp, files)),
  repeat("status", () => statusToCrm(erp, crm, files)),
]);
