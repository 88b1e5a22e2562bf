import styles from "./order-number.module.css";
import type { OrderRow } from "../../order/stage.ts";

/** An order's number, with the number that the search found it by, or the customer's own. */
export function OrderNumber({ order: { id, customerReference, matched } }: { order: OrderRow }) {
  const found = matched.find(({ number }) => number !== id);
  const second = found ? `${kindWords(found.kind)} ${found.number}` : customerReference;
  return (
    <span className={styles["number"]}>
      <span>{id}</span>
      {second && <span className={styles["second"]}>{second}</span>}
    </span>
  );
}

function kindWords(kind: string): string {
  return kind.replaceAll(/(?=[A-Z])/g, " ").toLowerCase();
}
