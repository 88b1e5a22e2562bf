import type { Item } from "../../api/query.ts";

export type Entry = Item<"/v1/audit">;
