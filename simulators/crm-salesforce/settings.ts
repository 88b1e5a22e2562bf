/** How the org behaves while nothing is wrong with it. Kept across restarts and restores. */
export type Settings = {
  clientId: string;
  clientSecret: string;
  sessionSeconds: number;
  /** Requests the whole org may make in 24 hours, all its integrations together. */
  dailyApiRequests: number;
  /** Requests made so far; set it near the limit to come to its end. */
  apiRequestsUsed: number;
  /** Rows of one page of a query, where the caller does not ask for fewer. */
  queryBatchSize: number;
  /** A value of a unique field that another record has is refused with DUPLICATE_VALUE. Off: the field is not unique. */
  uniqueReference: boolean;
  /** An upsert that changed a record answers 204 without a body, as older versions do, instead of 200. */
  upsertAnswersNoContent: boolean;
};

export const DEFAULT_SETTINGS: Settings = {
  clientId: "3MVG9.interlock",
  clientSecret: "salesforce-secret",
  sessionSeconds: 7200,
  dailyApiRequests: 1_000_000,
  apiRequestsUsed: 0,
  queryBatchSize: 2000,
  uniqueReference: true,
  upsertAnswersNoContent: false,
};

/** The settings with some of them changed, or the name of what is no setting or not its kind of value. */
export function changeSettings(
  settings: Settings,
  changes: Readonly<Record<string, unknown>>,
): Settings | string {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(DEFAULT_SETTINGS, name)) return name;
    if (typeof value !== typeof DEFAULT_SETTINGS[name as keyof Settings]) return name;
  }
  return { ...settings, ...changes };
}
