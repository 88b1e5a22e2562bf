import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";

import { Age } from "../../time/time.tsx";
import type { Figure, Node } from "./answer.ts";
import { troublesOf } from "./trouble.ts";
import styles from "./verdict.module.css";

/** The one sentence that is read from the other side of the room. */
export function Verdict({ figures, nodes }: { figures: readonly Figure[]; nodes: readonly Node[] }) {
  const troubles = troublesOf(figures, nodes);
  const orders = figures.find(({ name }) => name === "orders-consistent");
  const share = orders?.value ?? null;
  return (
    <section
      className={styles["verdict"]}
      data-well={troubles.length === 0 || undefined}
      aria-label="Verdict"
    >
      {troubles.length === 0 ? (
        <IconCircleCheck size={30} stroke={1.6} aria-hidden />
      ) : (
        <IconAlertTriangle size={30} stroke={1.6} aria-hidden />
      )}
      <div>
        <p className={styles["sentence"]}>
          {troubles.length === 0 ? "The factory tells one story" : "The factory does not tell one story"}
        </p>
        <p className={styles["detail"]}>
          {troubles.length === 0
            ? orders?.of
              ? `All systems agree on ${orders.of} open orders, and nothing waits for a person.`
              : "No order is open, and nothing waits for a person."
            : troubles.map(({ text, since }, n) => (
                <span key={text}>
                  {n > 0 && " · "}
                  {text}
                  {since !== null && (
                    <>
                      {" "}
                      (oldest <Age since={since} />)
                    </>
                  )}
                </span>
              ))}
        </p>
      </div>
      {share !== null && (
        <div className={styles["share"]}>
          <span className={styles["number"]}>{writeShare(share)}</span>
          <span className={styles["of"]}>of {orders?.of} open orders consistent</span>
        </div>
      )}
    </section>
  );
}

/** Never 100 % while one differs. */
function writeShare(share: number): string {
  const percent = Math.floor(share * 1000) / 10;
  return `${percent}\u202f%`;
}
