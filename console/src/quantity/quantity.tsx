import styles from "./quantity.module.css";

/** Recommendation 20 codes as people write them; any other stands as it is. */
const UNITS: Readonly<Record<string, string>> = {
  C62: "pcs",
  H87: "pcs",
  EA: "pcs",
  KGM: "kg",
  GRM: "g",
  TNE: "t",
  MTR: "m",
  CMT: "cm",
  MMT: "mm",
  MTK: "m²",
  MTQ: "m³",
  LTR: "l",
  SEC: "s",
  MIN: "min",
  HUR: "h",
  P1: "%",
};

export function unitOf(code: string): string {
  return UNITS[code] ?? code;
}

/** An exact decimal text with groups of three, never through a float: `1234567.50` is `1 234 567.50`. */
export function writeDecimal(text: string | number): string {
  const [whole = "", fraction] = String(text).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, "\u202f");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A number with its unit. */
export function Quantity({ value, unit }: { value: string | number; unit?: string | undefined }) {
  return (
    <span className={styles["quantity"]}>
      {writeDecimal(value)}
      {unit !== undefined && <span className={styles["unit"]}> {unitOf(unit)}</span>}
    </span>
  );
}
