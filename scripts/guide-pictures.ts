// The pictures of docs/guides, taken in the browser of a factory where each guide's work waits: node scripts/guide-pictures.ts

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { settled } from "../src/demo/browser/browser.ts";
import { Office } from "../src/demo/browser/office.ts";
import { root } from "./check/project-files.ts";

const FOLDER = join(root, "docs/guides/pictures");

const ended = new AbortController();
const office = await Office.open(ended.signal);
try {
  mkdirSync(FOLDER, { recursive: true });
  const [gate, credit] = [await office.openCase("GATE_ITEM"), await office.openCase("CREDIT_FAILED")];
  await office.openCase("MESSAGE_QUARANTINED");
  const page = await office.signIn({ role: "admin" });
  const pictures = {
    overview: "/overview",
    orders: "/orders",
    order: `/orders/${office.orders.gated}`,
    case: `/cases/${gate}`,
    "finance-case": `/cases/${credit}`,
    crosswalks: "/crosswalks",
    systems: "/systems",
  };
  for (const [name, path] of Object.entries(pictures)) {
    await office.goTo(page, path);
    await page.evaluate("document.fonts.ready.then(() => true)");
    await settled(page);
    await page.screenshot({ path: join(FOLDER, `${name}.png`) });
    console.log(`docs/guides/pictures/${name}.png`);
  }
} finally {
  await office.close();
}
