import { figure, quantile, type Bench, type Figure } from "./figure.ts";
import { timeHandWritten } from "./hand-written.ts";
import { measureLatency } from "./latency.ts";
import type { Stage } from "./stage.ts";
import { verifyOrders, verifyTold } from "./verify.ts";

const PER_SECOND = 200;
/** By then most of what runs at this rate is compiled. */
const WARM_SECONDS = 15;

export default {
  names: ["e2e.p50", "e2e.p99", "e2e.order"],
  leaves: "some",
  purpose: `at ${PER_SECOND} events a second: from sending one to its outcome, seen in the ledger; then the same with whole orders`,
  async run(stage) {
    return [
      ...(await measure(stage, "e2e", "tell", ["one-effect"])),
      ...(await measure(stage, "e2e.order", "create")),
    ];
  },
} satisfies Bench;

/** @param effect whose outcome ends the time: the portal's note of a single event, the ERP's of a whole order */
async function measure(
  stage: Stage,
  name: string,
  effect: "tell" | "create",
  processes?: readonly string[],
): Promise<Figure[]> {
  await stage.endHub();
  const { seconds } = stage.size;
  const deed = effect === "tell" ? "tell" : "enter";
  const byHand = await timeHandWritten(stage, deed, { perSecond: PER_SECOND, seconds });
  const hub = await stage.startHub(processes ? { processes } : {});
  await stage.untilAtRest();
  const prefix = `p99-${effect}`;
  await measureLatency(stage, hub, {
    prefix: `warm-${prefix}`,
    perSecond: PER_SECOND,
    seconds: WARM_SECONDS,
    effect,
  });
  const took = await measureLatency(stage, hub, { prefix, perSecond: PER_SECOND, seconds, effect });
  await stage.untilAtRest();
  if (effect === "create") await verifyOrders(stage, prefix, took.length);
  else await verifyTold(stage, prefix, took.length, "received");
  return [
    figure(`${name}.p50`, quantile(took, 0.5), "ms", quantile(byHand, 0.5)),
    figure(`${name}.p99`, quantile(took, 0.99), "ms", quantile(byHand, 0.99)),
  ];
}
