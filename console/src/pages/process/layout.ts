import { Graph, layout } from "@dagrejs/dagre";

import type { ProcessAnswer } from "./answer.ts";

export const NODE = { width: 176, height: 56 };
/** As large as a label is taken to be: the diagram is drawn before one can be measured. */
const LABEL = { width: 150, height: 14 };
const MARGIN = 20;

export interface Position {
  readonly x: number;
  readonly y: number;
}

/** Where each phase stands, from the first above to the last below; the upper left corner of each. */
export function layOut({ phases, edges }: Pick<ProcessAnswer, "phases" | "edges">): {
  readonly positions: ReadonlyMap<string, Position>;
  readonly height: number;
} {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: 48, ranksep: 44, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name } of phases) graph.setNode(name, { ...NODE });
  for (const { from, to } of edges) {
    if (from !== to) graph.setEdge(from, to, { ...LABEL });
  }
  layout(graph);
  const positions = new Map(
    phases.map(({ name }) => {
      const { x, y } = graph.node(name) as Position;
      return [name, { x: x - NODE.width / 2, y: y - NODE.height / 2 }] as const;
    }),
  );
  return { positions, height: (graph.graph() as { height: number }).height };
}
