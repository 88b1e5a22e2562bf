import type { Erp } from "../erp.ts";
import { defineTable, type RowOf } from "../store/table.ts";

/** One option of a configurable item: what it costs more, and what it adds to the bill of materials. */
export const OPTIONS = defineTable(
  "option",
  {
    dataAreaId: "text",
    ItemNumber: "text",
    OptionId: "text",
    OptionName: "text",
    /** Of one group exactly one is chosen when `IsRequired`, at most one otherwise; empty: any number. */
    OptionGroup: "text",
    IsRequired: "yesno",
    SalesPrice: "decimal",
    ComponentItemNumber: "text",
    ComponentQuantity: "decimal",
    RouteOperationNumber: "int",
    FlushingPrinciple: "text",
    /** Other options that must, or must not, be chosen with it, joined with `+`. */
    Requires: "text",
    Excludes: "text",
  },
  ["dataAreaId", "ItemNumber", "OptionId"],
  ["ItemNumber"],
);
export type Option = RowOf<typeof OPTIONS.fields>;

export function splitOptions(configuration: string): string[] {
  return configuration === "" ? [] : configuration.split("+");
}

export function readOptions(erp: Erp, item: string): Option[] {
  return erp.store.find(OPTIONS, { ItemNumber: item }).filter(({ dataAreaId }) => dataAreaId === erp.company);
}

export function chosenOptions(erp: Erp, item: string, configuration: string): Option[] {
  const chosen = new Set(splitOptions(configuration));
  return readOptions(erp, item).filter(({ OptionId }) => chosen.has(OptionId));
}

/** What is wrong with a choice of options, in plain words; undefined when they go together. */
export function whyNotConfigurable(erp: Erp, item: string, configuration: string): string | undefined {
  const options = readOptions(erp, item);
  const known = new Map(options.map((option) => [option.OptionId, option]));
  const chosen = splitOptions(configuration);
  if (new Set(chosen).size !== chosen.length) return `Configuration ${configuration} names an option twice`;
  for (const id of chosen) {
    const option = known.get(id);
    if (!option) return `Item ${item} has no option ${id}`;
    const missing = splitOptions(option.Requires).find((other) => !chosen.includes(other));
    if (missing !== undefined) return `Option ${id} of item ${item} needs option ${missing}`;
    const clash = splitOptions(option.Excludes).find((other) => chosen.includes(other));
    if (clash !== undefined) return `Option ${id} of item ${item} does not go with option ${clash}`;
  }
  for (const group of new Set(options.map(({ OptionGroup }) => OptionGroup))) {
    if (group === "") continue;
    const members = options.filter(({ OptionGroup }) => OptionGroup === group);
    const count = members.filter(({ OptionId }) => chosen.includes(OptionId)).length;
    if (count > 1) return `Item ${item} takes only one option of ${group}`;
    if (count === 0 && members.some(({ IsRequired }) => IsRequired === "Yes"))
      return `Item ${item} needs an option of ${group}: ${members.map(({ OptionId }) => OptionId).join(", ")}`;
  }
  return undefined;
}
