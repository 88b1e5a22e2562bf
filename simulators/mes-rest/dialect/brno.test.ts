import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../settings.ts";
import { brnoOrder, listen, Stage, type Seen } from "../testing/stage.ts";
import { readLocal, writeLocal } from "./local-time.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open("brno");
});
afterEach(() => stage.close());

const release = (changes: object = {}) =>
  stage.call("POST", "/bde/auftrag", brnoOrder("B1", "WO-700", changes));
const of = async (art: string): Promise<Seen[]> => (await stage.told()).filter((told) => told.art === art);

test("speaks in flat texts with decimal comma and local times", async () => {
  expect((await release()).body).toEqual({
    ok: "J",
    lfdNr: "1",
    belegNr: "B1",
    auftragNr: "WO-700",
    bdeNr: "BR-W-000001",
    stand: "10",
  });
  await stage.at("2026-03-10T20:00:00Z");
  expect((await stage.told())[0]).toEqual({
    meldungId: expect.any(String),
    lfdNr: "1",
    art: "A-ANN",
    zeit: "09.03.2026 06:00:00",
    version: "1",
    belegNr: "B1",
    auftragNr: "WO-700",
    fertAuftrag: "PO-700",
    bdeNr: "BR-W-000001",
    vorgang: "NEU",
    startSoll: "09.03.2026 06:00:00",
    endeSoll: "12.03.2026 14:00:00",
  });
  expect((await of("MAT-VB"))[0]).toMatchObject({
    artikelNr: "COOLANT",
    menge: "1,25",
    einheit: "L",
    agNr: "10",
  });
  expect((await of("AG-RM"))[3]).toMatchObject({
    agNr: "20",
    platz: "MONT-1",
    gutMenge: "5",
    ausschuss: "0",
    nacharbeit: "0",
    lohnMin: "50",
    ende: "J",
    chargen: [{ charge: "BR-L-000001", menge: "5" }],
  });
  expect((await of("PRF"))[0]).toMatchObject({ wert: "6", ug: "5,8", og: "6,2", urteil: "IO" });
});

test("writes the hour that comes twice twice, and reads it as its first", () => {
  const zone = "Europe/Prague";
  const before = Date.parse("2026-10-25T00:30:00Z");
  const after = Date.parse("2026-10-25T01:30:00Z");
  expect([writeLocal(before, zone), writeLocal(after, zone)]).toEqual(Array(2).fill("25.10.2026 02:30:00"));
  expect(readLocal("25.10.2026 02:30:00", zone)).toBe(before);
  expect(readLocal("31.06.2026 02:30:00", zone)).toBeUndefined();
});

test("has one path for hold, resume and cancel, and its own codes for what it answers", async () => {
  await release();
  const act = (belegNr: string, aktion: string) =>
    stage.call("POST", "/bde/auftrag/WO-700/status", { belegNr, aktion, grund: "customer" });
  await act("S1", "HALT");
  expect((await stage.call("GET", "/bde/auftrag/WO-700")).body).toMatchObject({
    stand: "35",
    sollMenge: "10",
  });
  await act("S2", "WEITER");
  await act("S3", "HALT");
  await act("S4", "STORNO");
  await act("S5", "HALT");
  expect(
    (await stage.told()).filter(({ art }) => art.startsWith("A-")).map(({ art, belegNr }) => [art, belegNr]),
  ).toEqual([
    ["A-ANN", "B1"],
    ["A-START", undefined],
    ["A-HALT", "S1"],
    ["A-WEITER", "S2"],
    ["A-HALT", "S3"],
    ["A-ABBR", "S4"],
    ["A-ABL", "S5"],
  ]);
  expect((await act("S6", "PAUSE")).body).toEqual({
    ok: "N",
    fehler: "INVALID_FIELD",
    text: "aktion must be one of HALT, WEITER, STORNO",
    feld: "aktion",
  });
  const { body } = await stage.call("GET", "/bde/protokoll?belegNr=S5");
  expect(body.eintraege).toMatchObject([
    { vorgang: "HALT", stand: "95", inhalt: { aktion: "HALT", belegNr: "S5" } },
  ]);
});

test.each([
  [{ sollMenge: "10.5" }, "sollMenge"],
  [{ sollMenge: 10 }, "sollMenge"],
  [{ startSoll: "2026-03-09T06:00:00Z" }, "startSoll"],
  [{ einheit: "PCE" }, "einheit"],
  [{ arbeitsgaenge: [{ agNr: "10", platz: "X", zaehlt: "ja" }] }, "arbeitsgaenge[0].zaehlt"],
])("refuses %j in its own words", async (changes, feld) => {
  expect(await release(changes)).toMatchObject({
    status: 422,
    body: { ok: "N", fehler: "INVALID_FIELD", feld },
  });
});

test("signs a webhook over its timestamp and its very bytes", async () => {
  const listener = await listen();
  await stage.admin("PATCH", "settings", { webhookUrl: listener.url });
  await release();
  await expect.poll(() => listener.received.length).toBeGreaterThanOrEqual(1);
  const { headers, raw } = listener.received[0]!;
  const signed = createHmac("sha256", DEFAULT_SETTINGS.brno.webhookSecret)
    .update(`${headers["x-bde-timestamp"]}.${raw}`)
    .digest("hex");
  expect(headers["x-bde-signature"]).toBe(`sha256=${signed}`);
  expect(JSON.parse(raw)).toMatchObject({ art: "A-ANN", meldungId: headers["x-bde-meldung"] });
  await listener.close();
});
