import { Link } from "@tanstack/react-router";

import { writeDecimal } from "../../quantity/quantity.tsx";
import { Age } from "../../time/time.tsx";
import { type Figure, PAGE_OF } from "./answer.ts";
import styles from "./figures.module.css";

/** The numbers beside the verdict; each opens the list behind it. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  const shown = figures.filter(({ unit }) => unit === "count");
  return (
    <section className={styles["figures"]} aria-label="Figures">
      {shown.map((figure) => (
        <FigureTile key={figure.name} figure={figure} />
      ))}
    </section>
  );
}

function FigureTile({ figure: { name, title, value, since } }: { figure: Figure }) {
  const [to, query] = PAGE_OF[name].split("?");
  const search = Object.fromEntries(new URLSearchParams(query));
  return (
    <Link
      to={to!}
      search={search as never}
      className={styles["figure"]!}
      data-nothing={value === 0 || undefined}
    >
      <span className={styles["value"]}>{value === null ? "–" : writeDecimal(value)}</span>
      <span className={styles["title"]}>{title}</span>
      <span className={styles["since"]}>
        {since === null ? (
          value === 0 ? (
            "none"
          ) : (
            "\u00a0"
          )
        ) : (
          <>
            oldest <Age since={since} />
          </>
        )}
      </span>
    </Link>
  );
}
