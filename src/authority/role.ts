/** What a system is for. An event type belongs to roles, or by interlock.yaml to single systems. */
export const ROLES = [
  "crm",
  "portal",
  "edi",
  "erp",
  "mes",
  "wms",
  "plm",
  "qms",
  "supplier",
  "carrier",
  "maintenance",
  "analytics",
] as const;
export type Role = (typeof ROLES)[number];

/** A system may be called as a role is. The word then means the role, so that a name alone gives no rights. */
export function isRole(word: string): word is Role {
  return (ROLES as readonly string[]).includes(word);
}
