import fastify from "fastify";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gzipSync } from "node:zlib";

import type { Api } from "../route.ts";
import { compileRequestSchema } from "../validator.ts";
import { serveConsole } from "./serve.ts";

let folder: string;
let app: Api;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "interlock-console-"));
  app = fastify().withTypeProvider() as Api;
  app.setValidatorCompiler(compileRequestSchema);
  serveConsole(app, folder);
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

function build() {
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), '<style nonce="INTERLOCK_NONCE"></style>');
  writeFileSync(join(folder, "assets/index-abc.js"), "let plain");
  writeFileSync(join(folder, "assets/index-abc.js.gz"), gzipSync("let packed"));
}

test("every address of the console is its page, with a nonce of its own and no inline code allowed", async () => {
  build();
  const pages = await Promise.all([app.inject("/console/"), app.inject("/console/orders/SO-1?state=open")]);
  const nonces = pages.map((page) => {
    const policy = String(page.headers["content-security-policy"]);
    const [, nonce] = /style-src 'self' 'nonce-([^']+)'/.exec(policy)!;
    expect(page.statusCode).toBe(200);
    expect(page.body).toBe(`<style nonce="${nonce}"></style>`);
    expect(policy).not.toContain("unsafe");
    return nonce;
  });
  expect(new Set(nonces).size).toBe(2);
});

test("assets are kept for ever, and sent as they were compressed by the build", async () => {
  build();
  const asset = await app.inject({
    url: "/console/assets/index-abc.js",
    headers: { "accept-encoding": "gzip" },
  });
  expect(asset.headers).toMatchObject({
    "cache-control": "public, max-age=31536000, immutable",
    "content-encoding": "gzip",
    "content-type": expect.stringContaining("javascript"),
  });
  expect((await app.inject("/console/assets/index-abc.js")).body).toBe("let plain");
});

test("an asset that is not there is a 404, and no way leads out of the folder", async () => {
  build();
  writeFileSync(join(folder, "secret"), "secret");
  for (const url of [
    "/console/assets/gone.js",
    "/console/assets/..%2fsecret",
    "/console/assets/%2e%2e/secret",
  ]) {
    expect((await app.inject(url)).body).not.toBe("secret");
  }
  expect((await app.inject("/console/assets/gone.js")).statusCode).toBe(404);
});

test("a hub whose console is not built says how to build it", async () => {
  const page = await app.inject("/console/");
  expect([page.statusCode, page.body]).toEqual([503, expect.stringContaining("npm run console")]);
});

test("the hub's own address leads to the console", async () => {
  expect((await app.inject("/")).headers).toMatchObject({ location: "/console/" });
});
