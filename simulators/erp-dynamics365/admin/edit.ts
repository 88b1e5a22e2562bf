import { newCall } from "../call.ts";
import type { Erp } from "../erp.ts";
import { isExact, isObject } from "../exact-json.ts";
import { ENTITY_SETS } from "../odata/entity-sets.ts";
import { refuse } from "../refusal.ts";
import { RequestReader } from "../request-reader.ts";
import type { Fields, RowOf } from "../store/table.ts";

/**
 * One value changed behind the ERP's back: `{set, key, field, value}`, the set by its collection name. No event, no
 * check, no reference; the book says that a hand did it.
 */
export function editByHand(erp: Erp, body: Record<string, unknown>): object {
  const request = new RequestReader(body);
  const name = request.text("set");
  const field = request.text("field");
  const set = ENTITY_SETS.find(({ names, read }) => !read && names.includes(name));
  if (!set) return refuse("UnknownSet", `${name} is not an entity set that is stored`, "set");
  const { key, value } = body;
  if (!isObject(key)) return refuse("WrongKind", "key must be an object", "key");
  const row = erp.store.get(set.table, { dataAreaId: erp.company, ...key } as Partial<RowOf<Fields>>);
  if (!row) return refuse("UnknownRecord", `There is no such record in ${name}`, "key");
  if (!Object.hasOwn(set.table.fields, field) || set.table.key.includes(field))
    return refuse("UnknownField", `${field} is not a field that can be edited`, "field");
  const text = isExact(value) ? value.toFixed() : String(value);
  const edited = set.table.fields[field] === "int" ? Number(text) : text;
  erp.store.transact(() => {
    erp.record(newCall("hand", "database"), "edit", `${name} ${JSON.stringify(key)}`, {
      field,
      before: String(row[field]),
      after: text,
    });
    erp.store.put(set.table, { ...row, [field]: edited } as RowOf<Fields>);
  });
  return { ...row, [field]: edited };
}
