import { type Answer } from "../../api/query.ts";
import { Json } from "../../code/json.tsx";
import styles from "./preview.module.css";

/** Exactly what will be sent, or will not be, effect by effect; what cannot be acted on says why and stays as it is. */
export function Preview({
  effects,
  action,
}: {
  effects: readonly Answer<"/v1/effects/{reference}">[];
  action: "retry" | "cancel";
}) {
  const refused = effects.filter(({ actions }) => actions[action] !== null);
  const possible = effects.filter(({ actions }) => actions[action] === null);
  return (
    <div className={styles["preview"]}>
      <p>
        {action === "retry"
          ? `These ${possible.length} are sent again as they are:`
          : `These ${possible.length} are not sent any more; their processes are told:`}
      </p>
      {possible.map(({ reference, type, system, lane, payload }) => (
        <details key={reference}>
          <summary>
            {type} for {system}, {lane}
          </summary>
          <Json value={payload} label={`What ${reference} says`} />
        </details>
      ))}
      {refused.length > 0 && <p>These stay as they are:</p>}
      {refused.map(({ reference, type, system, lane, actions }) => (
        <p key={reference} className={styles["refused"]}>
          {type} for {system}, {lane}: {actions[action]}
        </p>
      ))}
    </div>
  );
}
