import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../until.ts";
import { listSeriousFaults, PATIENCE_MS, settled, tabTo } from "./browser.ts";
import { Office } from "./office.ts";

// One day at the console: each test goes on from where the one before has left the factory.
const DEADLINE_MS = 600_000;
const PREPAYMENT = "the invoice was paid this morning";
const ITEM_IS_RIGHT = "the item was approved on paper, its record follows today";
const ASKED = "the customer waits for it; may we begin without the item's record?";
const UNIT_MEANS = "sales calls single pieces so since the new price list";

const ended = new AbortController();
let office: Office;
beforeAll(async () => {
  office = await Office.open(ended.signal);
}, DEADLINE_MS);
afterAll(async () => {
  await office?.close();
  ended.abort();
}, DEADLINE_MS);

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** Opens the form of an act, says why, and does it. */
async function act(page: Page, name: string, reason: string, submit = name): Promise<void> {
  await button(page, name).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Reason").fill(reason);
  await form.getByRole("button", { name: submit, exact: true }).click();
  await form.waitFor({ state: "detached" });
}

/** What the API says to a page of this person that asks for it, whatever the page would show; an answer has its status. */
async function askAs(page: Page, path: string, body?: object): Promise<object> {
  const { url } = office.world.hub;
  const { csrfToken } = (await (await page.request.get(`${url}/v1/session`)).json()) as { csrfToken: string };
  const answer = await page.request.fetch(`${url}${path}`, {
    ...(body && { method: "POST", data: body }),
    headers: { "x-csrf-token": csrfToken, origin: url },
  });
  return { status: answer.status(), ...((await answer.json()) as object) };
}

test("a link signs in once, and never again", { timeout: DEADLINE_MS }, async () => {
  const link = await office.linkFor({ role: "viewer" });
  const first = await office.openWindow();
  await first.goto(link);
  await first.getByRole("navigation", { name: "Pages" }).waitFor();
  expect(first.url()).not.toContain("link=");

  const second = await office.openWindow();
  await second.goto(link);
  await second.getByRole("alert").waitFor();
  expect(await second.getByRole("navigation", { name: "Pages" }).count()).toBe(0);
  await Promise.all([first.context().close(), second.context().close()]);
});

test(
  "a viewer reads a case and cannot act on it, on the page or past it",
  { timeout: DEADLINE_MS },
  async () => {
    const id = await office.openCase("CREDIT_FAILED");
    const page = await office.signIn({ role: "viewer" });
    await office.goTo(page, `/cases/${id}`);
    const close = button(page, "Close");
    expect(await close.getAttribute("aria-disabled")).toBe("true");
    expect(await close.getAttribute("aria-description")).toContain("case.act");
    await close.click({ force: true });
    expect(await page.getByRole("dialog").count()).toBe(0);

    const body = { action: "comment", version: 1, reason: "I only look" };
    expect(await askAs(page, `/v1/cases/${id}/actions`, body)).toMatchObject({ status: 403 });
    await page.context().close();
  },
);

test(
  "IT says what a unit means, and the message that waited for it becomes an order",
  { timeout: DEADLINE_MS },
  async () => {
    const { unread } = office.orders;
    const page = await office.signIn({ account: "ida.toth" });
    await office.goTo(page, "/crosswalks");
    const missing = page.getByRole("region", { name: "Values without a row" });
    await missing.getByRole("row", { name: /Piece/ }).waitFor();
    await missing.getByRole("button", { name: "Say what it means" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("What everybody calls it").fill("C62");
    await form.getByLabel("Reason").fill(UNIT_MEANS);
    await form.getByRole("button", { name: "Put it in force" }).click();
    await page.getByText(/In force; \d+ messages? (is|are) tried again/).waitFor();
    await missing.waitFor({ state: "detached" });

    await office.goTo(page, `/orders?search=${unread}`);
    await page.getByRole("link", { name: new RegExp(unread) }).waitFor();
    expect(await askAs(page, `/v1/orders/${unread}`)).toMatchObject({ status: 200, id: unread });
    await page.context().close();
  },
);

test(
  "finance lifts the hold in the ERP and has the order checked again; its case closes under its eyes",
  { timeout: DEADLINE_MS },
  async () => {
    const id = await office.openCase("CREDIT_FAILED");
    const [page, order] = await Promise.all([
      office.signIn({ account: "frank.weber" }),
      office.signIn({ account: "frank.weber" }),
    ]);
    await office.goTo(page, `/cases/${id}`);
    await office.goTo(order, `/orders/${office.orders.credit}`);
    await office.world.ask("erp", "clerk", {
      body: { action: "unblock-customer", CustomerAccount: "C-100" },
    });
    await act(order, "Check again", PREPAYMENT);
    await order.getByText("The systems are asked again.").waitFor();
    await page.locator("h1 + *").getByText("closed", { exact: false }).waitFor();
    expect(await askAs(page, `/v1/cases/${id}`)).toMatchObject({ id, state: "closed" });
    await Promise.all([page.context().close(), order.context().close()]);
  },
);

test(
  "a plant operator finds why an order waits and asks for an override; quality grants it with a reason",
  { timeout: DEADLINE_MS },
  async () => {
    const { gated } = office.orders;
    const id = await office.openCase("GATE_ITEM");
    const operator = await office.signIn({ account: "luc.moreau" });
    await operator.getByLabel("Find an order, any number, or a page").fill(gated);
    await operator.getByRole("option", { name: new RegExp(`^Order ${gated}`) }).click();
    await operator.getByRole("heading", { name: `Order ${gated}` }).waitFor();
    await operator
      .getByText(/waits at the gate item/)
      .first()
      .waitFor();
    await operator.getByRole("region", { name: "Cases" }).getByRole("link").first().click();
    await operator.getByRole("heading", { name: /waits: nothing is known of item PUMP-300/ }).waitFor();
    const override = button(operator, "Override the gate");
    expect(await override.getAttribute("aria-description")).toContain("decision.tell");
    await act(operator, "Comment", ASKED, "Keep it");

    const quality = await office.signIn({ account: "ines.adler" });
    await office.goTo(quality, `/cases/${id}`);
    await act(quality, "Override the gate", ITEM_IS_RIGHT, "Override it");
    await quality.getByText("The gate is overridden.").waitFor();
    const state = operator.locator("h1 + *");
    await state.getByText("closed", { exact: false }).waitFor();
    await Promise.all([operator.context().close(), quality.context().close()]);

    await until(
      "the work order that went to the plant says so",
      async () => {
        const { body } = await office.world.api("/v1/events?type=interlock.WorkOrderReleased.v1&limit=50");
        const items = body.items as { data: { overrides?: { actor: string; reason: string }[] } }[];
        return items.find(({ data }) =>
          data.overrides?.some(({ actor, reason }) => actor === "ines.adler" && reason === ITEM_IS_RIGHT),
        );
      },
      { signal: office.world.signal, withinMs: PATIENCE_MS },
    );
  },
);

test("a plant operator does not see the orders of the other plant", { timeout: DEADLINE_MS }, async () => {
  const { gated, unread } = office.orders;
  const everybody = await office.signIn({ role: "admin" });
  await office.goTo(everybody, "/orders?plant=brno");
  await everybody.getByRole("link", { name: new RegExp(unread) }).waitFor();

  const operator = await office.signIn({ account: "luc.moreau" });
  await office.goTo(operator, "/orders");
  await operator.getByRole("link", { name: new RegExp(gated) }).waitFor();
  expect(await operator.getByRole("link", { name: new RegExp(unread) }).count()).toBe(0);
  expect(await askAs(operator, `/v1/orders/${unread}`)).toMatchObject({ status: 404 });
  await office.goTo(operator, `/orders/${unread}`);
  expect(await operator.getByRole("heading", { name: `Order ${unread}` }).count()).toBe(0);
  await Promise.all([everybody.context().close(), operator.context().close()]);
});

test("an auditor takes home what people did and why", { timeout: DEADLINE_MS }, async () => {
  const page = await office.signIn({ account: "anna.keller" });
  await office.goTo(page, "/audit");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "CSV", exact: true }).click(),
  ]);
  const text = readFileSync(await download.path(), "utf8");
  for (const reason of [UNIT_MEANS, PREPAYMENT, ITEM_IS_RIGHT, ASKED]) expect(text).toContain(reason);
  for (const actor of ["ida.toth", "frank.weber", "ines.adler", "luc.moreau"]) expect(text).toContain(actor);
  await page.context().close();
});

test("an order is found and checked again with the keyboard alone", { timeout: DEADLINE_MS }, async () => {
  const { gated } = office.orders;
  const page = await office.signIn({ account: "ida.toth" });
  await settled(page);
  await tabTo(page, "Orders");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: new RegExp(gated) }).waitFor();
  await tabTo(page, gated);
  await page.keyboard.press("Enter");
  await button(page, "Check again").waitFor();
  await tabTo(page, "Check again");
  await page.keyboard.press("Enter");
  const form = page.getByRole("dialog");
  await form.getByLabel("Reason").waitFor();
  await tabTo(page, "Reason");
  await page.keyboard.type("seen without a mouse");
  await tabTo(page, "Check again");
  await page.keyboard.press("Enter");
  await page.getByText("The systems are asked again.").waitFor();
  expect(await askAs(page, "/v1/audit?actor=ida.toth&limit=1")).toMatchObject({
    items: [{ what: "OrderRecheckRequested", reason: "seen without a mouse" }],
  });
  await page.context().close();
});

test("axe finds no serious fault on any page, light or dark", { timeout: DEADLINE_MS }, async () => {
  const page = await office.signIn({ role: "admin" });
  const found: string[] = [];
  const look = async (address: string) => {
    await page.goto(`${office.world.hub.url}${address}`);
    await settled(page);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
      found.push(...(await listSeriousFaults(page)).map((fault) => `${colorScheme} ${address} ${fault}`));
    }
  };
  const links = await page.getByRole("navigation", { name: "Pages" }).getByRole("link").all();
  const addresses = await Promise.all(links.map((link) => link.getAttribute("href")));
  for (const address of addresses) {
    await look(address!);
    const lead = page.locator("main tbody a").first();
    if ((await lead.count()) > 0) await look((await lead.getAttribute("href"))!);
  }
  // The inbox is empty when everything is settled: its cases are there all the same.
  await look("/console/cases/1");
  await look(`/console/story/${encodeURIComponent(`salesOrder/${office.orders.gated}`)}`);
  expect(found).toEqual([]);
  await page.context().close();
});
