/*
 * Malformed input, made by breaking valid requests at random places: values and fields of the event, the text of the JSON, the
 * bytes, the headers. What is answered is judged in verdict.ts.
 */
import { connect } from "node:net";
import fc from "fast-check";
import { request } from "undici";
import { type Answer, type Attack, type Door, judge } from "./verdict.ts";

const STRUCTURED = "application/cloudevents+json";

const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0.1,
  1e300,
  Number.MAX_SAFE_INTEGER + 2,
  "",
  " ",
  "\0",
  "\uD800",
  "\u202E",
  "../../etc/passwd",
  "' or 1=1; drop table events; --",
  "A".repeat(300),
  "9".repeat(60),
  "1e5",
  "NaN",
  "2026-02-30",
  "2026-03-01T25:00:00Z",
  [],
  {},
  [[[[[]]]]],
  { __proto__: null, constructor: 1 },
];

const TEXTS: readonly string[] = [
  "\0",
  "\uFEFF",
  '"',
  "}",
  "[".repeat(20_000),
  ",",
  '"id":"twice",',
  "1e999",
  "0x10",
  "NaN",
  "-0",
  "12345678901234567890",
  "/* */",
  "\u2028",
  '\\ud800"',
  '"__proto__":{"plant":"x"},',
];

const HEADERS: readonly Readonly<Record<string, string>>[] = [
  { "content-type": "text/plain" },
  { "content-type": "" },
  { "content-type": "application/json" },
  { "content-type": `${STRUCTURED}; charset=utf-16` },
  { "content-type": "application/cloudevents-batch+json" },
  { "content-type": "application/json", "ce-specversion": "1.0", "ce-id": "%00", "ce-type": "x" },
  { "content-encoding": "gzip" },
  { authorization: "" },
  { authorization: "Bearer wrong" },
  { authorization: "Basic Og==" },
  { traceparent: "00-zz" },
  { "ce-id": "x".repeat(8_000) },
];

/** Not HTTP, or hardly. */
const RAW: readonly string[] = [
  "GET / HTTP/9.9\r\n\r\n",
  "\0\0\0\0\r\n\r\n",
  "POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n",
  "POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
  "POST /v1/events HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n",
  `GET /${"a".repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
  `GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(40_000)}\r\n\r\n`,
];

const seeds = fc.record({
  change: fc.constantFrom(
    "value",
    "remove",
    "add",
    "text",
    "bytes",
    "cut",
    "headers",
    "batch",
    "path",
    "nothing",
  ),
  places: fc.array(fc.nat(10_000), { minLength: 1, maxLength: 3 }),
  pick: fc.nat(10_000),
  junk: fc.uint8Array({ minLength: 1, maxLength: 30 }),
});
type Seed = typeof seeds extends fc.Arbitrary<infer T> ? T : never;

/** Tries `count` attacks. @returns how many were answered how. @throws when one was taken wrongly or answered badly */
export async function attack(
  door: Door,
  { seed, count, first = 0 }: { seed: number; count: number; first?: number },
): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  for (const [i, each] of fc.sample(seeds, { seed, numRuns: count }).entries()) {
    const event = orderRequested(door.source, `${seed}-${first + i}`);
    const made = makeAttack(door, event, each);
    const answer = await send(door, made);
    const wrong = await judge(door, made, answer);
    if (wrong !== undefined)
      throw new Error(
        `attack ${i} of seed ${seed}: ${wrong}\n${made.method} ${made.path} ${JSON.stringify(made.headers)}\n${made.body.toString("latin1").slice(0, 2_000)}\nanswered ${answer.status} ${answer.text.slice(0, 2_000)}`,
      );
    answers[answer.status] = (answers[answer.status] ?? 0) + 1;
  }
  for (const text of RAW) await sendRaw(door, text);
  const alive = await send(door, plain(door, orderRequested(door.source, `${seed}-alive-${first}`)));
  if (alive.status !== 202) throw new Error(`after the attacks a valid event is answered ${alive.status}`);
  return answers;
}

function makeAttack(
  door: Door,
  event: Record<string, unknown>,
  { change, places, pick, junk }: Seed,
): Attack {
  const base = plain(door, event);
  const text = JSON.stringify(event);
  const at = places[0]! % text.length;
  const spliced = (insert: string) => Buffer.from(text.slice(0, at) + insert + text.slice(at));
  switch (change) {
    case "value":
    case "remove":
    case "add":
      for (const place of places)
        alter(event, change, place, structuredClone(VALUES[(place + pick) % VALUES.length]));
      return { ...base, body: Buffer.from(JSON.stringify(event)) };
    case "text":
      return { ...base, body: spliced(TEXTS[pick % TEXTS.length]!) };
    case "bytes":
      return { ...base, body: Buffer.concat([base.body.subarray(0, at), junk, base.body.subarray(at + 1)]) };
    case "cut":
      return { ...base, body: base.body.subarray(0, at) };
    case "headers":
      return { ...base, headers: { ...base.headers, ...HEADERS[pick % HEADERS.length] } };
    case "batch":
      alter(event, "value", places[0]!, structuredClone(VALUES[pick % VALUES.length]));
      return {
        ...base,
        headers: { ...base.headers, "content-type": "application/cloudevents-batch+json" },
        body: Buffer.from(`[${JSON.stringify(event)},${TEXTS[pick % TEXTS.length]!}]`),
        first: JSON.stringify(event),
      };
    case "path":
      if (door.native !== undefined) return { ...base, path: door.native, body: Buffer.from(junk) };
      return {
        ...base,
        path: `/v1/${encodeURIComponent(String(VALUES[pick % VALUES.length]).toWellFormed())}`,
      };
    default:
      return base;
  }
}

/** Changes one of the places of a value, counted through its whole depth. */
function alter(
  root: Record<string, unknown>,
  how: "value" | "remove" | "add",
  place: number,
  value: unknown,
): void {
  const places: { in: Record<string, unknown>; key: string }[] = [];
  const walk = (holder: Record<string, unknown>) => {
    for (const key of Object.keys(holder)) {
      places.push({ in: holder, key });
      const inner = holder[key];
      if (typeof inner === "object" && inner !== null) walk(inner as Record<string, unknown>);
    }
  };
  walk(root);
  const found = places[place % Math.max(1, places.length)];
  if (!found) return;
  if (how === "remove") delete found.in[found.key];
  else if (how === "value") found.in[found.key] = value;
  else found.in[`${found.key}X`] = value;
}

function plain(door: Door, event: object): Attack {
  return {
    path: "/v1/events",
    method: "POST",
    headers: { authorization: `Bearer ${door.token}`, "content-type": STRUCTURED },
    body: Buffer.from(JSON.stringify(event)),
  };
}

async function send(door: Door, { path, method, headers, body }: Attack): Promise<Answer> {
  const answer = await request(`${door.url}${path}`, { method: method as "POST", headers, body });
  const type = String(answer.headers["content-type"] ?? "");
  return { status: answer.statusCode, type, text: await answer.body.text() };
}

/** Whatever comes back: the connection ends, and the hub goes on. */
function sendRaw(door: Door, text: string): Promise<void> {
  const { hostname, port } = new URL(door.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.end(text, "latin1"));
    let said = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => (said += chunk));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (/^HTTP\/1\.1 [25]/.test(said))
        reject(new Error(`${text.slice(0, 80)} was answered ${said.slice(0, 200)}`));
      else resolve();
    });
  });
}

function orderRequested(source: string, id: string): Record<string, unknown> {
  return {
    specversion: "1.0",
    id,
    source,
    type: "interlock.OrderRequested.v1",
    subject: `salesOrder/SO-${id}`,
    time: "2026-03-01T10:00:00+01:00",
    data: {
      salesOrder: `SO-${id}`,
      customer: "C-77",
      customerReference: "4500012345",
      contact: { name: "Erika Mustermann", email: "erika@example.com" },
      lines: [
        {
          line: 1,
          item: "PUMP-200",
          quantity: { value: "12.000", unit: "C62", sourceUnit: "ST" },
          unitPrice: { amount: "1999.00", currency: "EUR" },
          requestedDate: "2026-03-20",
        },
      ],
    },
  };
}
