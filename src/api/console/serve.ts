/*
 * The console is files: one page, and assets whose names change with their content. The page is answered for every address below
 * /console/, because which page is meant is read from the address in the browser.
 */
import fastifyStatic from "@fastify/static";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { Type } from "typebox";

import { demoControl } from "../demo/control.ts";
import type { Api } from "../route.ts";
import { strictObject } from "../schema.ts";
import { pageHeaders } from "./policy.ts";

/** Stands in the built page where the nonce goes (`html.cspNonce` in console/vite.config.ts). */
const NONCE_MARK = "INTERLOCK_NONCE";

const NOT_BUILT = `<!doctype html><html lang="en"><title>Interlock</title>
<h1>The console is not built yet</h1>
<p>Run <code>npm run console</code> in the folder of Interlock, then load this page again. The API and the command line work without it.</p></html>`;

const ANY_QUERY = Type.Object({});
const ASSET = strictObject({ file: Type.String({ pattern: "^[\\w.-]{1,120}$" }) });

/** @param folder what the console's build wrote */
export function serveConsole(api: Api, folder: string): void {
  void api.register(fastifyStatic, {
    root: folder,
    serve: false,
    preCompressed: true,
    suppressWarning: true,
  });
  const open = { config: { access: "open" } } as const;
  const demo = demoControl()?.origin;

  for (const url of ["/", "/console"]) {
    api.get(url, { ...open, schema: { hide: true } }, async (_, reply) => reply.redirect("/console/"));
  }

  api.get(
    "/console/*",
    { ...open, schema: { hide: true, querystring: ANY_QUERY } },
    async (_, reply): Promise<string> => {
      const nonce = randomBytes(16).toString("base64");
      const page = await readPage(folder);
      void reply
        .headers({ ...pageHeaders(nonce, demo) })
        .type("text/html; charset=utf-8")
        .code(page === undefined ? 503 : 200)
        .serializer((text: unknown) => text as string);
      return page?.replaceAll(NONCE_MARK, nonce) ?? NOT_BUILT;
    },
  );

  api.get("/console/assets/:file", { ...open, schema: { hide: true, params: ASSET } }, (request, reply) =>
    reply.sendFile(`assets/${request.params.file}`, { immutable: true, maxAge: "365d" }),
  );
  api.get("/console/favicon.svg", { ...open, schema: { hide: true } }, (_, reply) =>
    reply.sendFile("favicon.svg", { maxAge: "1d" }),
  );
}

/** Read anew for each request: a hub goes on running while its console is built. Undefined: there is none. */
async function readPage(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, "index.html"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
