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
