import { StateBadge } from "../state/state-badge.tsx";
import { None } from "../time/time.tsx";
import styles from "./risk-badges.module.css";
import { type Risk, RISKS } from "./stage.ts";

export function RiskBadges({ risks }: { risks: readonly Risk[] }) {
  if (risks.length === 0) return <None />;
  return (
    <span className={styles["badges"]}>
      {risks.map((risk) => {
        const { label, tone, why } = RISKS[risk];
        return <StateBadge key={risk} state={risk} label={label} tone={tone} why={why} />;
      })}
    </span>
  );
}
