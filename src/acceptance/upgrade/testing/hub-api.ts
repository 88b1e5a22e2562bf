import { request } from "undici";
import type { Child } from "../../../hub/testing/child.ts";
import { TOKEN } from "../../../hub/testing/stage.ts";

/** A call of a hub's API, by whoever holds the token. @throws Error with the answer when it is not 2xx */
export async function call<Answer>(
  hub: Child,
  method: "GET" | "POST",
  path: string,
  body?: unknown,
  type = "application/json",
): Promise<Answer> {
  const answer = await request(`${hub.ready["url"]}${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, ...(body !== undefined && { "content-type": type }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
  return JSON.parse(text) as Answer;
}

/** An event of the portal; `time` is when it happened, now unless told. */
export interface Told {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly time?: Date;
}

export function tell(hub: Child, { id, name, subject, data, time = new Date() }: Told): Promise<unknown> {
  const event = {
    specversion: "1.0",
    id,
    source: "/systems/portal",
    type: `interlock.${name}.v1`,
    subject,
    time: time.toISOString(),
    data,
  };
  return call(hub, "POST", "/v1/events", event, "application/cloudevents+json");
}
