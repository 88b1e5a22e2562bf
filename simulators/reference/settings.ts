import { Refusal } from "./refusal.ts";

/** How the system behaves while nothing is wrong with it. Kept across restarts and restores. */
export type Settings = {
  clientId: string;
  clientSecret: string;
  tokenSeconds: number;
  /** A second order or change with the same reference is answered 409 `duplicate-reference`. */
  uniqueReference: boolean;
  /** Reads by reference do not show what is younger than this. */
  readLagMs: number;
  /** Reads by reference do not show what has been looked for less often than this. */
  readLagReads: number;
  webhookUrl: string | null;
  /** Standard Webhooks secret, `whsec_` and base64. */
  webhookSecret: string;
};

export const DEFAULT_SETTINGS: Settings = {
  clientId: "interlock",
  clientSecret: "reference-secret",
  tokenSeconds: 3600,
  uniqueReference: true,
  readLagMs: 0,
  readLagReads: 0,
  webhookUrl: null,
  webhookSecret: "whsec_cmVmZXJlbmNlLXdlYmhvb2stc2VjcmV0LTAx",
};

/** The settings with some of them changed; refuses a name or a kind of value that does not exist. */
export function changeSettings(settings: Settings, body: Record<string, unknown>): Settings {
  for (const [name, value] of Object.entries(body)) {
    const known = name in DEFAULT_SETTINGS;
    const wanted = name === "webhookUrl" ? "string" : typeof DEFAULT_SETTINGS[name as keyof Settings];
    if (!known || (typeof value !== wanted && !(name === "webhookUrl" && value === null)))
      throw new Refusal(
        422,
        "invalid-setting",
        `${name} is not a setting, or ${String(value)} not its kind of value`,
        {
          field: name,
        },
      );
  }
  return { ...settings, ...body };
}
