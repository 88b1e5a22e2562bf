/*
 * Where each system stands in the picture: those of the office to the left of Interlock, those of the works to the right, in the
 * order in which an order meets them. Positions are in units of the picture; it is scaled as a whole.
 */
import type { Node } from "./answer.ts";

const OFFICE = ["crm", "edi", "plm", "erp", "analytics"];
const WORKS = ["mes", "qms", "wms"];

export const WIDTH = 760;
export const NODE = { width: 218, height: 76 };
export const HUB = { width: 132 };
const GAP = 14;
const MARGIN = 12;

export interface Placed {
  readonly node: Node;
  readonly side: "left" | "right";
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly placed: readonly Placed[];
  readonly height: number;
}

export function layOutFlow(nodes: readonly Node[]): Layout {
  const rank = (roles: readonly string[], role: string) => {
    const at = roles.indexOf(role);
    return at < 0 ? roles.length : at;
  };
  const sort = (side: readonly Node[], roles: readonly string[]) =>
    side.toSorted((a, b) => rank(roles, a.role) - rank(roles, b.role) || (a.system < b.system ? -1 : 1));
  const right = sort(
    nodes.filter(({ role }) => WORKS.includes(role)),
    WORKS,
  );
  const left = sort(
    nodes.filter(({ role }) => !WORKS.includes(role)),
    OFFICE,
  );
  const rows = Math.max(left.length, right.length, 2);
  const height = rows * (NODE.height + GAP) - GAP + 2 * MARGIN;
  const column = (side: readonly Node[], place: "left" | "right"): Placed[] => {
    const used = side.length * (NODE.height + GAP) - GAP;
    return side.map((node, n) => ({
      node,
      side: place,
      x: place === "left" ? MARGIN : WIDTH - MARGIN - NODE.width,
      y: (height - used) / 2 + n * (NODE.height + GAP),
    }));
  };
  return { placed: [...column(left, "left"), ...column(right, "right")], height };
}
