import { IconHourglass, IconLock, IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { WAITED_FOR } from "../../order/stage.ts";
import { capital } from "../../state/tone.ts";
import { Age, Day } from "../../time/time.tsx";
import type { OrderAnswer } from "../../order/answer.ts";
import styles from "./waits-for.module.css";

/** Whose move it is, since when and why; what holds it; and what puts its day in doubt. */
export function WaitsFor({ order }: { order: OrderAnswer }) {
  const { waiting, holds, atRisk, plants, projectedDate, promisedDate } = order;
  const plant = plants[0] ?? null;
  const rows: ReactNode[] = [];
  if (waiting) {
    rows.push(
      <Row key="waiting" icon={<IconHourglass size={16} />} tone="waiting">
        <strong>{WAITED_FOR[waiting.for]}</strong> has the next move,{" "}
        <Age since={waiting.since} plant={plant} sentence />: {waiting.why}
      </Row>,
    );
  }
  for (const { what, because, since } of holds) {
    rows.push(
      <Row key={`${what} ${since}`} icon={<IconLock size={16} />} tone="stopped">
        <strong>{capital(what)}</strong> is held, <Age since={since} plant={plant} sentence />: {because}
      </Row>,
    );
  }
  if (atRisk) {
    rows.push(
      <Row key="risk" icon={<IconAlertTriangle size={16} />} tone="late">
        {promisedDate && (
          <>
            Promised for <Day day={promisedDate} />,{" "}
          </>
        )}
        {projectedDate ? (
          <>
            projected for <Day day={projectedDate} />
          </>
        ) : (
          "at risk, with no new day yet"
        )}
        : {atRisk.because}
      </Row>,
    );
  }
  return rows.length === 0 ? null : <ul className={styles["list"]}>{rows}</ul>;
}

function Row({ icon, tone, children }: { icon: ReactNode; tone: string; children: ReactNode }) {
  return (
    <li className={styles["row"]} data-tone={tone}>
      {icon}
      <span>{children}</span>
    </li>
  );
}
