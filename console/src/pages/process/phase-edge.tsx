import { BaseEdge, type Edge, type EdgeProps } from "@xyflow/react";

import type { Route } from "./layout.ts";

/** An arrow on the way that the layout found for it. */
export function PhaseEdge({ id, data, label, markerEnd }: EdgeProps<Edge<Route>>) {
  if (!data) return null;
  return (
    <BaseEdge
      id={id}
      path={data.path}
      label={label}
      labelX={data.label.x}
      labelY={data.label.y}
      {...(markerEnd !== undefined && { markerEnd })}
    />
  );
}
