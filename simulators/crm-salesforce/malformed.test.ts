import { afterAll, beforeAll, expect, test } from "vitest";
import { TestOrg } from "./test-org.ts";

let org: TestOrg;
let id: string;
beforeAll(async () => {
  org = await TestOrg.start();
  ({ Id: id } = await org.order());
});
afterAll(() => org.close());

const BODIES = [
  "null",
  "[]",
  "1",
  '"x"',
  "{}",
  '{"records":1}',
  '{"records":[null]}',
  '{"records":[{"attributes":null}]}',
  '{"compositeRequest":[null]}',
  '{"compositeRequest":[{"method":"GET","url":"%E0%A4%A","referenceId":"a"}]}',
  '{"compositeRequest":[{"method":1,"url":2,"referenceId":"a","body":null}]}',
  '{"Account":1}',
  '{"Account":{}}',
  '{"Account":{"Id":"x"}}',
  '{"Quantity":1e999}',
  '{"__proto__":{"a":1}}',
  '{"constructor":1}',
  '{"Name":[1]}',
  '{"EffectiveDate":"2031-02-31"}',
  '{"Status":null}',
  '{"action":"create-order","account":"C-100","lines":[null]}',
  '{"action":"create-order","account":"C-100","lines":[{"item":"PUMP-200","quantity":{}}]}',
  '{"now":"x"}',
  '[{"kind":null}]',
];
const TYPES = ["Account", "OrderItem", "User", "__proto__"];
const PATHS = [
  "/",
  "/composite",
  "/composite/sobjects",
  "/composite/sobjects/Account/Nope",
  "/composite/sobjects/a/b/c",
  "/query",
  "/query/01g",
  ...TYPES.flatMap((type) => [
    `/sobjects/${type}`,
    `/sobjects/${type}/describe`,
    `/sobjects/${type}/ID`,
    `/sobjects/${type}/Interlock_Ref__c/R%2F1`,
    `/sobjects/${type}/Name/x`,
  ]),
];
const ADMIN = [
  "settings",
  "clock",
  "faults",
  "clerk",
  "edit",
  "items/",
  "customers/X",
  "snapshots/",
  "seed/x",
];

test.each(["POST", "PATCH"])("answers %s with nonsense as the sender's mistake", async (method) => {
  const surprised: string[] = [];
  for (const body of BODIES) {
    for (const path of PATHS) {
      const { status, body: said } = await org.call(method, path.replace("ID", id), body);
      const formed = status < 300 || typeof said?.[0]?.errorCode === "string";
      if (status >= 500 || !formed) surprised.push(`${method} ${path} ${body}: ${status}`);
    }
    for (const path of ADMIN) {
      const { status } = await fetch(`${org.url}/admin/${path}`, { method, body });
      if (status >= 500) surprised.push(`${method} /admin/${path} ${body}: ${status}`);
    }
  }
  expect(surprised).toEqual([]);
});

test("answers a path that is no text, and one that is too long", async () => {
  expect(await org.call("GET", "/sobjects/%E0%A4%A")).toMatchObject({ status: 404 });
  expect(await org.query(`SELECT Id FROM Order WHERE PoNumber = '${"x".repeat(17_000)}'`)).toMatchObject({
    status: 414,
    body: [{ errorCode: "URI_TOO_LONG" }],
  });
});
