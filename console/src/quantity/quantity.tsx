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

/** Currencies that have cents. */
const CURRENCIES: ReadonlySet<string> = new Set("CHF CZK DKK EUR GBP NOK PLN SEK USD".split(" "));

export function unitOf(code: string): string {
  return UNITS[code] ?? code;
}

/** An exact decimal text with groups of three, never through a float: `1234567.50` is `1 234 567.50`. */
export function writeDecimal(text: string | number): string {
  const [whole = "", fraction] = String(text).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, "\u202f");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Money has its cents, so that sums stand under each other: `699.9` EUR is `699.90`. */
function withCents(text: string, unit: string): string {
  if (!CURRENCIES.has(unit)) return text;
  const [whole = "", cents = ""] = text.split(".");
  return `${whole}.${cents.padEnd(2, "0")}`;
}

/** A number with its unit. */
export function Quantity({ value, unit }: { value: string | number; unit?: string | undefined }) {
  return (
    <span className={styles["quantity"]}>
      {writeDecimal(unit === undefined ? value : withCents(String(value), unit))}
      {unit !== undefined && <span className={styles["unit"]}> {unitOf(unit)}</span>}
    </span>
  );
}
