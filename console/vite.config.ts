import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Where the hub serves it. */
const BASE = "/console/";
const COMPRESSIBLE = /\.(js|css|svg|json)$/;
const WORTH_BYTES = 1_000;

/** Compressed once here, so that the hub never compresses while it serves. The page itself is filled in per request and stays plain. */
function precompress(): Plugin {
  let folder = "dist";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true }) as string[]) {
        if (!COMPRESSIBLE.test(name)) continue;
        const file = join(folder, name);
        const content = readFileSync(file);
        if (content.length < WORTH_BYTES) continue;
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
        // The last step of brotli costs ten times the time of the one before it, for two percent.
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
        writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
      }
    },
  };
}

/** `INTERLOCK_HUB` and `INTERLOCK_ADMIN_TOKEN`: the hub that `vite` alone works against while pages are written. */
const { INTERLOCK_HUB = "http://127.0.0.1:4720", INTERLOCK_ADMIN_TOKEN } = process.env;

export default defineConfig({
  base: BASE,
  plugins: [react(), precompress()],
  // The hub puts a fresh value in its place for each request; see src/api/console.
  html: { cspNonce: "INTERLOCK_NONCE" },
  build: {
    // Browsers since spring 2024: what style sheets and code are written in is what runs.
    target: ["chrome123", "firefox121", "safari17.5"],
    // Built beside and renamed into place, so that a hub never serves half a console.
    outDir: process.env["INTERLOCK_CONSOLE_OUT"] ?? "dist",
    emptyOutDir: true,
    manifest: true,
    rolldownOptions: { experimental: { lazyBarrel: true } },
    // A font inside a style sheet would be refused by the hub's content security policy.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      "/v1": {
        target: INTERLOCK_HUB,
        ...(INTERLOCK_ADMIN_TOKEN && { headers: { authorization: `Bearer ${INTERLOCK_ADMIN_TOKEN}` } }),
      },
    },
  },
});
