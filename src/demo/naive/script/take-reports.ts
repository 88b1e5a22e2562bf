/** Plants -> ERP, first half: takes the plants' webhooks. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Endpoint } from "./endpoint.ts";
import type { Files } from "./files.ts";
import { log } from "./log.ts";
import type { Plant } from "./plant.ts";
import { postReport } from "./reports-to-erp.ts";

const BODY_LIMIT = 1024 * 1024;
/** A webhook that comes twice comes soon: so many are remembered. */
const REMEMBERED = 1000;

/** @param plants by the path of the webhook's address: `/lyon` */
export function takeReports(
  plants: Readonly<Record<string, Plant>>,
  erp: Endpoint,
  files: Files,
  port: number,
): Server {
  const seen = new Set<string>();
  const take = async (incoming: IncomingMessage): Promise<number> => {
    const plant = plants[incoming.url?.slice(1) ?? ""];
    if (!plant) return 404;
    const { id, report } = plant.readReport(JSON.parse(await readBody(incoming)));
    if (report && !seen.has(id)) await postReport(erp, { id, report, warehouse: plant.warehouse }, files);
    seen.add(id);
    if (seen.size > REMEMBERED) seen.delete(seen.values().next().value!);
    return 200;
  };
  const server = createServer((incoming, response) => {
    // Only when all of it was posted: what was not is sent again by the plant.
    void take(incoming).then(
      (status) => response.writeHead(status).end(),
      (error: Error) => {
        log(`reports: ${error.message}`);
        response.writeHead(503).end();
      },
    );
  });
  return server.listen(port, "127.0.0.1");
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of incoming.setEncoding("utf8")) {
    text += part as string;
    if (text.length > BODY_LIMIT) throw new Error("the webhook is larger than a report can be");
  }
  return text;
}
