import styles from "./path.module.css";

/** Something with parts, as an object's name or a file's: where it is too long it breaks between them, not within. */
export function Path({ of }: { of: string }) {
  return of.split(/(?<=[/@#])/).map((part, n) => (
    <span key={n} className={styles["part"]}>
      {part}
    </span>
  ));
}
