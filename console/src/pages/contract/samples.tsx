import { Json } from "../../code/json.tsx";
import { Panel } from "../../detail/panel.tsx";
import type { ContractAnswer } from "./answer.ts";
import styles from "./samples.module.css";

/** Documents that are valid, and some that are not, with the place where they fail. */
export function Samples({
  samples: { valid, invalid },
}: {
  samples: NonNullable<ContractAnswer["samples"]>;
}) {
  return (
    <Panel title="Samples" aside={`${valid.length} valid, ${invalid.length} refused`}>
      <div className={styles["samples"]}>
        {valid.map((sample, n) => (
          <details key={n} open={n === 0}>
            <summary>Valid sample {n + 1}</summary>
            <Json value={sample} label={`Valid sample ${n + 1}`} />
          </details>
        ))}
        {invalid.map(({ pointer, data }, n) => (
          <details key={`refused ${n}`}>
            <summary>
              Refused at <code>{pointer || "/"}</code>
            </summary>
            <Json value={data} label={`Refused sample ${n + 1}`} />
          </details>
        ))}
      </div>
    </Panel>
  );
}
