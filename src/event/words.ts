/** What an event says, in few words: for a line of a timeline, never for a program. */
const LENGTH = 90;

type Data = Readonly<Record<string, unknown>>;

/** Fields in the order they are told, each with the word before it. */
const FIELDS: readonly (readonly [field: string, word: string])[] = [
  ["item", ""],
  ["operation", "operation"],
  ["quantity", ""],
  ["good", "good"],
  ["scrap", "scrap"],
  ["rework", "rework"],
  ["lot", "lot"],
  ["serial", "serial"],
  ["revision", "revision"],
  ["newRevision", "revision"],
  ["gate", "gate"],
  ["hold", "hold"],
  ["shipment", "shipment"],
  ["invoice", "invoice"],
  ["document", "document"],
  ["customerReference", "their order"],
  ["verdict", ""],
  ["name", ""],
  ["why", ""],
  ["because", ""],
];

/** `PUMP-200, operation 20, good 8, lot LY-1` */
export function eventWords(data: unknown): string {
  const given = (data ?? {}) as Data;
  const told = FIELDS.flatMap(([field, word]) => {
    const text = valueWords(given[field], word !== "");
    return text === undefined ? [] : [`${word} ${text}`.trim()];
  });
  const words = [...told, ...reasonWords(given)].join(", ");
  return words.length > LENGTH ? `${words.slice(0, LENGTH - 3)}...` : words;
}

/** @param counted of a count that is named beside others, nothing is said where it is zero */
function valueWords(value: unknown, counted: boolean): string | undefined {
  if (typeof value === "string" || typeof value === "number") return String(value);
  const { value: amount, unit } = (value ?? {}) as { value?: unknown; unit?: unknown };
  if (typeof amount !== "string") return undefined;
  if (counted && /^-?0+(\.0+)?$/.test(amount)) return undefined;
  return unit === "C62" || unit === "H87" || unit === undefined ? amount : `${amount} ${String(unit)}`;
}

function reasonWords({ reason, reasons }: Data): string[] {
  const texts = [reason, ...(Array.isArray(reasons) ? reasons : [])].map((each) =>
    typeof each === "string" ? each : (each as { message?: unknown } | null | undefined)?.message,
  );
  return texts.filter((text): text is string => typeof text === "string");
}
