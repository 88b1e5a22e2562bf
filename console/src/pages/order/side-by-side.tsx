import { Panel } from "../../detail/panel.tsx";
import { Quantity } from "../../quantity/quantity.tsx";
import { StateBadge } from "../../state/state-badge.tsx";
import { Day, None, Time } from "../../time/time.tsx";
import type { OrderAnswer } from "../../order/answer.ts";
import styles from "./side-by-side.module.css";

const DATE = /^\d{4}-\d{2}-\d{2}$/;

type Field = OrderAnswer["says"][number];

/** What each system says, field by field: its last word. Where they differ, it is marked. */
export function SideBySide({ says }: { says: OrderAnswer["says"] }) {
  if (says.length === 0) return null;
  const systems = [...new Set(says.flatMap(({ words }) => words.map(({ system }) => system)))].toSorted();
  const differing = says.filter(({ differsSince }) => differsSince !== undefined);
  const ordered = [...differing, ...says.filter(({ differsSince }) => differsSince === undefined)];
  return (
    <Panel
      title="What each system says"
      flush
      aside={
        differing.length === 0 ? (
          <StateBadge state="consistent" label="One story" />
        ) : (
          <StateBadge state="disagree" label={`${differing.length} differ`} />
        )
      }
    >
      <div className={styles["scroll"]} role="region" aria-label="What each system says" tabIndex={0}>
        <table className={styles["table"]}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              {systems.map((system) => (
                <th key={system} scope="col">
                  {system}
                </th>
              ))}
              <th scope="col" aria-label="Agreement" />
            </tr>
          </thead>
          <tbody>
            {ordered.map((field) => (
              <tr key={field.field} data-differs={field.differsSince !== undefined || undefined}>
                <th scope="row">{fieldWords(field.field)}</th>
                {systems.map((system) => (
                  <td key={system}>
                    <Said field={field} system={system} />
                  </td>
                ))}
                <td className={styles["verdict"]}>
                  {field.differsSince !== undefined && (
                    <>
                      differs since <Time at={field.differsSince} />
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Said({ field: { words }, system }: { field: Field; system: string }) {
  const said = words.find((word) => word.system === system);
  if (!said) return <None />;
  const { value, unit, seq } = said;
  return (
    <span title={`event #${seq}`}>
      {unit !== undefined ? (
        <Quantity value={value} unit={unit} />
      ) : DATE.test(value) ? (
        <Day day={value} />
      ) : (
        value
      )}
    </span>
  );
}

/** `promisedDate 10` is read as "Promised date 10". */
function fieldWords(field: string): string {
  const [name = "", ...rest] = field.split(" ");
  const words = name.replaceAll(/(?=[A-Z])/g, " ").toLowerCase();
  return [words.charAt(0).toUpperCase() + words.slice(1), ...rest].join(" ");
}
