import { Link } from "@tanstack/react-router";
import type { CSSProperties } from "react";

import { writeRate } from "../../quantity/rate.ts";
import { StateBadge } from "../../state/state-badge.tsx";
import type { Link as FlowLink, Node } from "./answer.ts";
import { HUB, layOutFlow, NODE, type Placed, WIDTH } from "./flow-layout.ts";
import styles from "./flow.module.css";

/** The systems around Interlock, what moves between them now, and which of them is not well. */
export function Flow({ nodes, links }: { nodes: readonly Node[]; links: readonly FlowLink[] }) {
  const { placed, height } = layOutFlow(nodes);
  const rateOf = (system: string, direction: FlowLink["direction"]) =>
    links.find((link) => link.system === system && link.direction === direction)?.perSecond ?? 0;
  return (
    <div className={styles["scroll"]}>
      <div className={styles["flow"]} style={{ "--width": WIDTH, "--height": height } as CSSProperties}>
        <svg className={styles["lines"]} viewBox={`0 0 ${WIDTH} ${height}`} aria-hidden>
          {placed.map((each) => (
            <Lines
              key={each.node.system}
              placed={each}
              height={height}
              told={rateOf(each.node.system, "in")}
              applied={rateOf(each.node.system, "out")}
            />
          ))}
        </svg>
        <div className={styles["hub"]} style={box((WIDTH - HUB.width) / 2, 12, HUB.width, height - 24)}>
          <span className={styles["name"]}>Interlock</span>
          <span className={styles["role"]}>one ledger</span>
        </div>
        {placed.map(({ node, x, y }) => (
          <SystemNode
            key={node.system}
            node={node}
            place={box(x, y, NODE.width, NODE.height)}
            told={rateOf(node.system, "in")}
            applied={rateOf(node.system, "out")}
          />
        ))}
      </div>
    </div>
  );
}

function box(x: number, y: number, width: number, height: number): CSSProperties {
  return { "--x": x, "--y": y, "--w": width, "--h": height } as CSSProperties;
}

const AWAY: ReadonlySet<Node["health"]> = new Set(["silent", "failing", "paused"]);
const WORDS: Readonly<Record<Node["health"], string>> = {
  healthy: "Healthy",
  attention: "Attention",
  failing: "Failing",
  silent: "Cut off",
  paused: "Paused",
};

function SystemNode({
  node,
  place,
  told,
  applied,
}: {
  node: Node;
  place: CSSProperties;
  told: number;
  applied: number;
}) {
  const { system, role, plant, health, why, waitingEffects, waitingMessages } = node;
  const waiting = [
    waitingEffects > 0 && `${waitingEffects} to send`,
    waitingMessages > 0 && `${waitingMessages} to read`,
  ].filter(Boolean);
  return (
    <Link
      to={`/systems/${encodeURIComponent(system)}`}
      className={styles["node"]!}
      style={place}
      data-health={health}
      title={why ?? undefined}
    >
      <span className={styles["head"]}>
        <span className={styles["name"]}>{system}</span>
        <StateBadge state={health} label={WORDS[health]} />
      </span>
      <span className={styles["role"]}>
        {role.toUpperCase()}
        {plant !== null && `, ${plant}`}
      </span>
      <span className={styles["rates"]}>
        <span title="Events it tells, a second">↗ {writeRate(told)}/s</span>
        <span title="Effects it applies, a second">↙ {writeRate(applied)}/s</span>
        {waiting.length > 0 && <span className={styles["waiting"]}>{waiting.join(", ")}</span>}
      </span>
    </Link>
  );
}

/** Two lines between a system and the hub: what it tells, and what it is told. They run while something moves. */
function Lines({
  placed: { node, side, x, y },
  height,
  told,
  applied,
}: {
  placed: Placed;
  height: number;
  told: number;
  applied: number;
}) {
  const left = side === "left";
  const from = left ? x + NODE.width : x;
  const to = left ? (WIDTH - HUB.width) / 2 : (WIDTH + HUB.width) / 2;
  const middle = (from + to) / 2;
  const at = y + NODE.height / 2;
  const target = Math.min(Math.max(at, 30), height - 30);
  const line = (shift: number) =>
    `M${from} ${at + shift}C${middle} ${at + shift} ${middle} ${target + shift} ${to} ${target + shift}`;
  const away = AWAY.has(node.health) || undefined;
  return (
    <>
      <path
        d={line(-5)}
        className={styles["line"]}
        data-way="in"
        data-moving={told > 0 || undefined}
        data-away={away}
        data-side={side}
      />
      <path
        d={line(5)}
        className={styles["line"]}
        data-way="out"
        data-moving={applied > 0 || undefined}
        data-away={away}
        data-side={side}
      />
    </>
  );
}
