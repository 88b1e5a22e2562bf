import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { ContractRegistry } from "../../contract/registry.ts";
import { expectNews, makeNews } from "./news.ts";
import type { Stand } from "./stand.ts";

/** A stream that the target sends: only what it signed, as it signed it, is believed. */
export function webhookTrials(
  name: string,
  events: readonly string[],
  stand: () => Stand,
  contracts: ContractRegistry,
): void {
  test("believes a request the target signed, and no other", async () => {
    const at = stand();
    const { headers, raw } = await receiveWebhook(async (webhookUrl) => {
      await at.peer.set({ webhookUrl });
      await makeNews(at);
    });
    await at.peer.set({ webhookUrl: null });
    const verify = (change: Record<string, string>, body: Uint8Array = raw) =>
      at.session.verify!(name, { ...headers, ...change }, body);
    expect(verify({})).toBe(true);
    expect(verify({}, Buffer.concat([raw, Buffer.from(" ")])), "other bytes").toBe(false);
    for (const header of Object.keys(headers).filter((h) => /signature|timestamp|-id$/.test(h))) {
      expect(verify({ [header]: "" }), `without ${header}`).toBe(false);
      expect(verify({ [header]: `${headers[header]}1` }), `another ${header}`).toBe(false);
    }
    const message = { contentType: headers["content-type"]!, raw };
    expect(events).toEqual(expect.arrayContaining(await expectNews(at, name, [message], contracts)));
  });
}

type Received = { readonly headers: Record<string, string>; readonly raw: Buffer };

/** Listens for one webhook while `cause` makes the target send it. */
async function receiveWebhook(cause: (url: string) => Promise<void>): Promise<Received> {
  const { promise, resolve } = Promise.withResolvers<Received>();
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      response.end();
      resolve({ headers: plain(incoming.headers), raw: Buffer.concat(chunks) });
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  await cause(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const received = await promise;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  return received;
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
