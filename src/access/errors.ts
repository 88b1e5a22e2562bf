/** What access control refuses. */
export const ACCESS_ERRORS = {
  PERMISSION_MISSING:
    "The account may not do this. Ask an administrator for a role that may, or somebody who has one.",
  PLANT_DENIED:
    "What it is about lies outside of the account's plants. Ask somebody who acts for that plant.",
  TEAM_DENIED: "The case is another team's. Comment on it, or ask that team or IT.",
  DECISION_DENIED:
    "This decision is not for the account's roles to take. Ask somebody whose role decides it; docs/access.md has the table.",
  SOURCE_DENIED: "A service account tells the events of its own system only. Use the account of that system.",
  ACTOR_DENIED:
    "A person acts in their own name only. Leave out the actor: the account that signed in is written down.",
  SIGN_IN_REFUSED:
    "Account and password do not fit, or the account cannot sign in so. Check both; an administrator can make a sign-in link.",
  SIGN_IN_LOCKED:
    "The password was wrong too often, and the account is locked for a while. Wait as long as Retry-After says, or ask an administrator.",
  SIGN_IN_LINK_SPENT: "The link was used already, or its time is over. Ask for another one.",
  SIGN_IN_PROVIDER:
    "The identity provider did not sign the person in. Try again; if it stays so, see the hub's log and the access section of interlock.yaml.",
  SIGN_IN_OFF: "This hub does not offer this way to sign in. Take one that GET /v1/sign-in names.",
  SESSION_ENDED: "The session has ended or is not known. Sign in again.",
  CSRF_REFUSED:
    "The request changes something and does not show that it comes from the hub's own page. Send the csrfToken of GET /v1/session as x-csrf-token.",
  RATE_LIMITED: "Too many requests. Wait as long as Retry-After says.",
  PASSWORD_WEAK: "The password is too easy to guess. Take a longer one: several words do.",
  ACCOUNT_UNKNOWN: "There is no such account. GET /v1/accounts lists them.",
  ACCOUNT_TAKEN: "There is another account of this id. Choose another id, or change that account.",
  ACCOUNT_INVALID:
    "The account's roles, plants or system do not fit together. Correct what the message names.",
  ACCOUNT_MOVED: "The account has changed since you looked. Look again.",
  ACCOUNT_LAST_ADMIN:
    "Nobody would be left who can administer accounts. Give another account the role admin first.",
  TOKEN_SCOPE: "An API token can only carry what its account may itself. Leave out the rest.",
  TOKEN_UNKNOWN: "The account has no such token. GET /v1/tokens lists them.",
} as const;

export class AccessError extends Error {
  override readonly name = "AccessError";
  readonly code: keyof typeof ACCESS_ERRORS;
  readonly retryAfterSeconds: number | undefined;
  /** Whose account was refused, where it is known. */
  readonly account: string | undefined;

  constructor(
    code: keyof typeof ACCESS_ERRORS,
    message: string,
    options: ErrorOptions & { retryAfterSeconds?: number; account?: string } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.account = options.account;
  }
}
