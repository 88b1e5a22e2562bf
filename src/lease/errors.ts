/** What can go wrong with leases: stable codes, what each means and what to do. */
export const ERRORS = {
  LEASE_REVISION_OLDER:
    "Work lies idle that a hub with a newer project or newer processes has done before, and this hub must not take it over. Start the newer version; or, when this one is meant to follow it (a process was removed, a version taken back), raise revision in interlock.yaml by the number in the message.",
} as const;

export class LeaseError extends Error {
  readonly code: keyof typeof ERRORS;

  constructor(code: keyof typeof ERRORS, message: string) {
    super(message);
    this.name = "LeaseError";
    this.code = code;
  }
}
