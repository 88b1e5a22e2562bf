import "@xyflow/react/dist/base.css";
import { Controls, type Edge, MarkerType, type Node, ReactFlow } from "@xyflow/react";
import { useMemo } from "react";

import type { Phase, ProcessAnswer } from "./answer.ts";
import styles from "./diagram.module.css";
import { layOut, NODE, routeKey } from "./layout.ts";
import { PhaseEdge } from "./phase-edge.tsx";
import { PhaseNode, type PhaseNodeData } from "./phase-node.tsx";

interface DiagramProps {
  process: ProcessAnswer;
  chosen: string | undefined;
  choose: (phase: string | undefined) => void;
}

const NODE_TYPES = { phase: PhaseNode };
const EDGE_TYPES = { phase: PhaseEdge };
const HIGHEST = 720;

/** The definition's own table as a picture: phases, the events that lead from one to the next, and how many wait in each. */
export function Diagram({ process, chosen, choose }: DiagramProps) {
  const { phases, edges } = process;
  // The definition does not change while the hub runs; its counts do.
  const { positions, routes, height, labelled, overhang } = useMemo(
    () => layOut(process),
    [process.name, process.version],
  );
  const bottleneck = bottleneckOf(phases);
  const nodes = phases.map((phase): Node<PhaseNodeData> => {
    return {
      id: phase.name,
      type: "phase",
      position: positions.get(phase.name)!,
      ...NODE,
      data: {
        phase,
        initial: phase.name === process.initialPhase,
        bottleneck: phase.name === bottleneck,
        chosen: phase.name === chosen,
        choose: () => choose(phase.name === chosen ? undefined : phase.name),
      },
    };
  });
  const arrows = edges
    .filter(({ from, to }) => from !== to)
    .map(({ from, to, on }): Edge => ({
      id: routeKey(from, to),
      source: from,
      target: to,
      type: "phase",
      data: routes.get(routeKey(from, to))!,
      ...(labelled && { label: labelOf(on) }),
      markerEnd: { type: MarkerType.ArrowClosed },
      focusable: false,
      ...(chosen !== undefined && {
        className: touches(chosen, from, to) ? styles["near"]! : styles["far"]!,
      }),
    }));
  return (
    <div
      className={styles["diagram"]}
      style={{ "--diagram": `${Math.min(HIGHEST, Math.max(320, height))}px` } as never}
      role="group"
      aria-label="State diagram"
    >
      <ReactFlow
        nodes={nodes}
        edges={arrows}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        // Tips are of the colour of their lines.
        defaultMarkerColor={null}
        fitView
        fitViewOptions={{
          maxZoom: 1,
          padding: { x: "20px", y: "20px", left: `${overhang.left}px`, right: `${overhang.right}px` },
        }}
        minZoom={0.2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
      >
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function touches(phase: string, from: string, to: string): boolean {
  return phase === from || phase === to;
}

/** The first of them, and how many more: all of them stand in the table of the phase. */
function labelOf(on: readonly string[]): string {
  const [first = "", ...more] = on;
  return more.length === 0 ? first : `${first} +${more.length}`;
}

/** Where most wait, of the phases that are not the end: only if it is a matter of more than a few. */
function bottleneckOf(phases: readonly Phase[]): string | undefined {
  const open = phases.filter(({ final }) => !final);
  const total = open.reduce((sum, { instances }) => sum + instances, 0);
  const fullest = open.toSorted((a, b) => b.instances - a.instances).at(0);
  return fullest && total >= 10 && fullest.instances * 2 > total ? fullest.name : undefined;
}
