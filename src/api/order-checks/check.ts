import type { ContractRegistry } from "../../contract/registry.ts";
import type { EventData } from "../../contract/generated.ts";
import type { Answerer } from "../../dispatch/question.ts";

type Verdict = EventData["interlock.OrderChecked.v1"]["verdicts"][number];

export const SUBJECTS = ["credit", "item", "configuration", "price", "tax", "availability"] as const;
export const VERDICTS = ["pass", "fail", "unavailable"] as const;

export interface OrderCheck {
  /** fail where anything fails, else unavailable where anything could not be said, else pass. */
  readonly verdict: (typeof VERDICTS)[number];
  readonly verdicts: readonly Verdict[];
}

/**
 * Asks all systems at the same time, under one deadline. A system that does not answer in time makes its own verdicts
 * `unavailable`, not those of the others.
 */
export async function checkOrder(
  answerers: readonly Answerer[],
  contracts: ContractRegistry,
  payload: unknown,
  deadlineMs: number,
): Promise<OrderCheck> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const late = new Promise<Spoken>((resolve) =>
    deadline.addEventListener("abort", () => resolve({ why: `no answer within ${deadlineMs} ms` }), {
      once: true,
    }),
  );
  const spoken = await Promise.all(
    answerers.map(async ({ system, ask }) => {
      const began = performance.now();
      const told = await Promise.race([hear(ask(payload, deadline), contracts), late]);
      return { system, latencyMs: Math.round(performance.now() - began), ...told };
    }),
  );
  const verdicts = spoken.flatMap(({ system, latencyMs, verdicts = [] }) =>
    verdicts.map((each): Verdict => ({ ageMs: 0, ...each, source: system, latencyMs })),
  );
  const answered = new Set(verdicts.map(({ subject }) => subject));
  const silent = spoken.filter(({ why }) => why !== undefined);
  for (const subject of SUBJECTS.filter((each) => !answered.has(each)))
    verdicts.push(unavailable(subject, silent));
  return { verdict: worst(verdicts), verdicts };
}

interface Spoken {
  readonly verdicts?: readonly Verdict[];
  /** Why there are none. */
  readonly why?: string;
}

async function hear(asked: ReturnType<Answerer["ask"]>, contracts: ContractRegistry): Promise<Spoken> {
  try {
    const answer = await asked;
    if (!answer.ok) return { why: answer.why };
    const read = contracts.get("event", "OrderChecked", 1)!.validate(answer.data);
    if (!read.ok)
      return { why: `its answer breaks the contract of OrderChecked at ${read.problems[0]?.pointer}` };
    return { verdicts: (answer.data as EventData["interlock.OrderChecked.v1"]).verdicts };
  } catch (error) {
    return { why: (error as Error).message };
  }
}

function unavailable(
  subject: Verdict["subject"],
  silent: readonly { system: string; latencyMs: number; why?: string }[],
): Verdict {
  const [first] = silent;
  const message =
    silent.map(({ system, why }) => `${system}: ${why}`).join("; ") || "no system was asked that knows of it";
  return {
    subject,
    verdict: "unavailable",
    message: message.slice(0, 1_000),
    ...(first && silent.length === 1 && { source: first.system, latencyMs: first.latencyMs }),
  };
}

function worst(verdicts: readonly Verdict[]): OrderCheck["verdict"] {
  const said = new Set(verdicts.map(({ verdict }) => verdict));
  if (said.has("fail")) return "fail";
  return said.has("unavailable") ? "unavailable" : "pass";
}
