import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Control } from "./control.ts";

const PAGE = "http://127.0.0.1:7300";
const acting = Promise.withResolvers<void>();

let control: Control;
let host: string;
let token: string;
beforeAll(async () => {
  control = await Control.open();
  const { host: at, hash } = new URL(control.address);
  [host, token] = [at, hash.slice(1)];
  const acts = [{ name: "kill", title: "Kill", about: "It dies.", run: () => acting.promise }];
  control.offer({ origin: () => PAGE, acts });
});
afterAll(() => control.close());

interface Said {
  readonly status: number | undefined;
  readonly text: string;
}

/** Not by `fetch`, which lets nobody set a host. */
function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Said> {
  return new Promise((resolve, reject) => {
    const known = { origin: PAGE, authorization: `Bearer ${token}`, host };
    request(`http://${host}${path}`, { method, headers: { ...known, ...headers } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, text }));
    })
      .on("error", reject)
      .end();
  });
}

test("it is there for the pages of the demo's own hub with the token, and for nobody else", async () => {
  expect(await ask("GET", "/state")).toMatchObject({ status: 200 });
  expect(await ask("OPTIONS", "/state", { authorization: "" })).toMatchObject({ status: 204 });
  expect(await ask("GET", "/state", { authorization: "Bearer guessed" })).toMatchObject({ status: 401 });
  expect(await ask("GET", "/state", { origin: "http://example.com" })).toMatchObject({ status: 403 });
  expect(await ask("GET", "/state", { host: "example.com" })).toMatchObject({ status: 403 });
  expect(await ask("POST", "/acts/unknown")).toMatchObject({ status: 404 });
});

test("it tells what is played, and does one thing after the other", async () => {
  control.chapter("Monday");
  control.say("Lyon begins.");
  expect(JSON.parse((await ask("GET", "/state")).text)).toMatchObject({
    chapter: "Monday",
    said: [{ n: 1, text: "Lyon begins." }],
    busy: null,
    acts: [{ name: "kill" }],
  });
  expect(JSON.parse((await ask("POST", "/acts/kill")).text)).toMatchObject({ busy: "kill" });
  expect(await ask("POST", "/acts/kill")).toMatchObject({ status: 409 });
  acting.resolve();
});
