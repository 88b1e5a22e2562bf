import { Button } from "@mantine/core";
import { IconPlugConnectedX, IconZoomExclamation } from "@tabler/icons-react";

import { ApiProblem } from "../api/problem.ts";
import { Notice } from "./notice.tsx";

/** What was asked for could not be had: in the API's own words, with what to do. */
export function Fault({ error, again }: { error: Error; again?: () => void }) {
  const problem = error instanceof ApiProblem ? error : undefined;
  if (problem?.status === 404) {
    return (
      <Notice icon={IconZoomExclamation} title="There is nothing under this address">
        {problem.message}
      </Notice>
    );
  }
  return (
    <Notice
      icon={IconPlugConnectedX}
      tone="stopped"
      title={problem?.title ?? "This page has failed"}
      actions={again && <Button onClick={again}>Try again</Button>}
    >
      <p>{error.message}</p>
      {problem?.remedy && <p>{problem.remedy}</p>}
    </Notice>
  );
}
