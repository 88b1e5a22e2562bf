import { IconRefresh, IconX } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";

import { ActionButton } from "../../action/action-button.tsx";
import { client } from "../../api/client.ts";
import { type Answer, ask } from "../../api/query.ts";
import { Preview } from "./preview.tsx";

type Effect = Answer<"/v1/effects/{reference}">;
type Action = "retry" | "cancel";

const MOST = 50;

/** The same done to all that are chosen: first what would happen to each, then what did. */
export function Bulk({ chosen, done }: { chosen: readonly string[]; done: () => void }) {
  const tooMany = chosen.length > MOST;
  const found = useQueries({
    queries: (tooMany ? [] : chosen).map((reference) =>
      ask("/v1/effects/{reference}", { params: { path: { reference } } }),
    ),
  });
  const effects = found.flatMap(({ data }) => (data ? [data] : []));
  const refusalOf = (action: Action): string | null => {
    if (chosen.length === 0) return "Choose lanes in the list first.";
    if (tooMany) return `At most ${MOST} at once.`;
    if (effects.length < chosen.length) return "They are being looked at.";
    const verdicts = effects.map(({ actions }) => actions[action] ?? null);
    return verdicts.includes(null) ? null : (verdicts[0] ?? null);
  };
  return (
    <>
      <ActionButton
        label="Retry"
        icon={<IconRefresh size={14} />}
        permission="effect.act"
        refusal={refusalOf("retry")}
        title={`Send ${chosen.length} again`}
        consequence={<Preview effects={effects} action="retry" />}
        submit="Send these again"
        run={({ reason }) => actOnEach(effects, "retry", reason).finally(done)}
        done={wordsOfResult}
      />
      <ActionButton
        label="Cancel"
        icon={<IconX size={14} />}
        permission="effect.act"
        weight="grave"
        refusal={refusalOf("cancel")}
        title={`Cancel ${chosen.length}`}
        consequence={<Preview effects={effects} action="cancel" />}
        submit="Cancel these"
        run={({ reason }) => actOnEach(effects, "cancel", reason).finally(done)}
        done={wordsOfResult}
      />
    </>
  );
}

interface Result {
  readonly done: number;
  readonly refused: number;
}

/** One by one: each as it was seen, and one that has moved meanwhile keeps none of the others. */
async function actOnEach(effects: readonly Effect[], action: Action, reason: string): Promise<Result> {
  const possible = effects.filter(({ actions }) => actions[action] === null);
  let refused = effects.length - possible.length;
  for (const { reference, laneState, attempt } of possible) {
    try {
      await client.POST("/v1/effects/{reference}/actions", {
        params: { path: { reference } },
        body: { action, state: laneState, attempt, reason },
      });
    } catch {
      refused += 1;
    }
  }
  return { done: effects.length - refused, refused };
}

function wordsOfResult(answer: unknown): string {
  const { done, refused } = answer as Result;
  return refused === 0
    ? `Done to ${done}.`
    : `Done to ${done}; ${refused} had moved or could not be acted on.`;
}
