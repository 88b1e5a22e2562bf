/**
 * What can be allowed: noun.verb. Every route of the API names one of them (src/api/route.ts), a role is a set of them
 * (role.ts), and an API token carries some of its account's.
 */
export const PERMISSIONS = {
  "order.read": "Orders, their stages, what each system says of them, and their story.",
  "order.check": "Ask the systems whether an order would pass.",
  "event.read": "The ledger's events, and its live stream.",
  "event.write": "Tell events, as the system that the account stands for.",
  "message.read": "Native messages exactly as they were sent, personal values included.",
  "message.act": "Try a quarantined message again, or discard it.",
  "case.read": "Cases and what would settle them.",
  "case.act": "Settle, reassign and comment on cases of one's own team.",
  "decision.tell": "Tell what only a person decides; which decisions, the role says.",
  "effect.read": "Effects, lanes and every call that was made.",
  "effect.act": "Retry, correct, mark as applied or cancel an effect outside of its case.",
  "process.read": "Process definitions, and where their instances are.",
  "contract.read": "Contracts, their versions and samples; check a payload against one.",
  "mapping.read": "The mappings in force.",
  "mapping.try": "Run a mapping on a sample or on a recorded message, without any effect.",
  "crosswalk.read": "Crosswalk tables, and the values that nobody has mapped.",
  "crosswalk.write": "Add an entry to a crosswalk.",
  "kpi.read": "Figures over time, and the orders behind them.",
  "overview.read": "The factory at a glance.",
  "system.read": "Systems, plants, hubs and read models: health, backlog, configuration without secrets.",
  "system.act": "Pause, resume and test a system; rebuild a read model.",
  "recovery.act": "End a recovery after a restore.",
  "audit.read": "Who did what, when and why; export it.",
  "personal.redact": "Erase personal values from the ledger, for good.",
  "metrics.read": "The hub's metrics.",
  "token.own": "Make and revoke API tokens of one's own account.",
  "account.admin": "Accounts, roles, plants, service accounts, sign-in links.",
} as const;

export type Permission = keyof typeof PERMISSIONS;

export function isPermission(word: string): word is Permission {
  return Object.hasOwn(PERMISSIONS, word);
}

export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as readonly Permission[];
