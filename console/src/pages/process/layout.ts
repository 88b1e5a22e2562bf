import { Graph, layout } from "@dagrejs/dagre";

import type { ProcessAnswer } from "./answer.ts";

export const NODE = { width: 176, height: 56 };
/** As large as a label is taken to be: the diagram is drawn before one can be measured. */
const LABEL = { width: 160, height: 14 };
const MARGIN = 20;
/** With more arrows than this, words on all of them would leave none readable: the table of a chosen phase has them. */
const LABELLED = 16;

export interface Position {
  readonly x: number;
  readonly y: number;
}

/** An arrow around all phases but its own two, and the place that was kept free for its label. */
export interface Route extends Record<string, unknown> {
  readonly path: string;
  readonly label: Position;
}

export function routeKey(from: string, to: string): string {
  return `${from} ${to}`;
}

/** Where each phase stands, from the first above to the last below; the upper left corner of each. */
export function layOut({ phases, edges }: Pick<ProcessAnswer, "phases" | "edges">): {
  readonly positions: ReadonlyMap<string, Position>;
  readonly routes: ReadonlyMap<string, Route>;
  readonly height: number;
  readonly labelled: boolean;
  /** How far labels reach out to the left and to the right of all phases. */
  readonly overhang: { readonly left: number; readonly right: number };
} {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: 48, ranksep: 44, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name } of phases) graph.setNode(name, { ...NODE });
  const arrows = edges.filter(({ from, to }) => from !== to);
  const labelled = arrows.length <= LABELLED;
  for (const { from, to } of arrows) graph.setEdge(from, to, labelled ? { ...LABEL, labelpos: "c" } : {});
  layout(graph);
  const positions = new Map(
    phases.map(({ name }) => {
      const { x, y } = graph.node(name) as Position;
      return [name, { x: x - NODE.width / 2, y: y - NODE.height / 2 }] as const;
    }),
  );
  const routes = new Map(
    graph.edges().map(({ v, w }) => {
      const { points, x, y } = graph.edge(v, w) as Position & { points: Position[] };
      return [routeKey(v, w), { path: pathThrough(points), label: { x, y } }] as const;
    }),
  );
  const { width, height } = graph.graph() as { width: number; height: number };
  const lefts = [...positions.values()].map(({ x }) => x);
  const overhang = {
    left: Math.max(MARGIN, Math.min(...lefts)),
    right: Math.max(MARGIN, width - Math.max(...lefts) - NODE.width),
  };
  return { positions, routes, height, labelled, overhang };
}

/** A smooth line through all points (Catmull and Rom's), so also through the place of the label. */
function pathThrough(points: readonly Position[]): string {
  const at = (n: number) => points[Math.min(points.length - 1, Math.max(0, n))]!;
  const bent = (from: Position, before: Position, after: Position, sign: 1 | -1) =>
    `${from.x + (sign * (after.x - before.x)) / 6} ${from.y + (sign * (after.y - before.y)) / 6}`;
  const curves = points.slice(1).map((point, n) => {
    const start = bent(at(n), at(n - 1), point, 1);
    const end = bent(point, at(n), at(n + 2), -1);
    return `C ${start} ${end} ${point.x} ${point.y}`;
  });
  return `M ${at(0).x} ${at(0).y} ${curves.join(" ")}`;
}
