import styles from "./json.module.css";

/** Content of a message or an effect, to read and to copy. */
export function Json({ value, label }: { value: unknown; label: string }) {
  return (
    <pre className={styles["json"]} tabIndex={0} aria-label={label}>
      <code>{typeof value === "string" ? value : JSON.stringify(value, undefined, 2)}</code>
    </pre>
  );
}
