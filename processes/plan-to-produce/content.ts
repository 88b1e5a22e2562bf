import { Decimal } from "../../src/process/index.ts";

/**
 * Whether two contents say the same: 10.000 pieces are 10 pieces, a moment is the same in every zone, and fields have no order. An
 * ERP that only writes an order anew must not stop a plant.
 */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T/;

function canonical(content: unknown): unknown {
  if (Array.isArray(content)) return content.map(canonical);
  if (typeof content === "string" && INSTANT.test(content)) return Date.parse(content);
  if (typeof content !== "object" || content === null) return content;
  const { sourceUnit: _, ...fields } = content as Record<string, unknown>;
  const isQuantity = typeof fields["value"] === "string" && typeof fields["unit"] === "string";
  return Object.entries(fields)
    .toSorted(([x], [y]) => (x < y ? -1 : 1))
    .map(([name, value]) => [
      name,
      isQuantity && name === "value" ? new Decimal(value as string).toString() : canonical(value),
    ]);
}
