import { defineConfig } from "oxfmt";

export default defineConfig({
  printWidth: 110,
  ignorePatterns: [
    // Written by npm in its own form.
    "package.json",
    "package-lock.json",
    // Tables that change row by row: aligned columns would touch every line.
    "docs/errors.md",
    "docs/rules.md",
    "docs/states.md",
    // Generated.
    "console/src/api/schema.d.ts",
    "console/dist*/",
  ],
});
