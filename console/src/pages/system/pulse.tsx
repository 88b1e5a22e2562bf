import { Link } from "@tanstack/react-router";

import { Facts } from "../../detail/facts.tsx";
import { writeDecimal } from "../../quantity/quantity.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { writeSpan } from "../../time/format.ts";
import { Age } from "../../time/time.tsx";
import type { SystemAnswer } from "./answer.ts";

const BREAKER = { closed: "good", open: "stopped", trying: "late" } as const;

/** How calls to it go now. */
export function Pulse({ of }: { of: SystemAnswer }) {
  const { pulse, system, lanes, waitingMessages, quarantined, lastMessageAt, plant, silentSince, owner } = of;
  const ms = (value: number) => `${writeDecimal(Math.round(value))} ms`;
  return (
    <Facts
      compact
      of={{
        Breaker: pulse && <StateBadge state={pulse.breaker} tone={BREAKER[pulse.breaker]} />,
        "Nothing sent for": pulse && pulse.quietMs > 0 ? writeSpan(pulse.quietMs) : undefined,
        "Calls under way": pulse ? `${pulse.callsUnderWay} of ${pulse.concurrency}` : undefined,
        "Rate left": pulse?.rate ? `${Math.floor(pulse.rate.free)} of ${pulse.rate.perSecond}/s` : undefined,
        "Latency p50": pulse?.latency ? ms(pulse.latency.p50) : undefined,
        "Latency p95": pulse?.latency ? ms(pulse.latency.p95) : undefined,
        "Latency p99": pulse?.latency ? ms(pulse.latency.p99) : undefined,
        Lanes: (
          <Link to={`/effects?system=${encodeURIComponent(system)}`}>
            {Object.entries(lanes)
              .map(([state, count]) => `${count} ${state}`)
              .join(", ") || "all idle"}
          </Link>
        ),
        "Messages to read": waitingMessages,
        Quarantined: quarantined,
        "Last message": <Age since={lastMessageAt} plant={plant} />,
        "Silent for": silentSince ? <Age since={silentSince} plant={plant} /> : undefined,
        "Served by": owner,
      }}
    />
  );
}
