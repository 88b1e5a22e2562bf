/** What this connector says no to by itself; everything else is in the MES's own words. */
export const ERRORS = {
  MES_MAPPING_INVALID:
    "An effect has no mapping into this MES's words, or it gives no call: it must give {method, path, body}.",
  MES_MESSAGE_UNMAPPED:
    "No mapping reads the plant's reports: the connector ships one for its first dialect, a project brings its own.",
} as const;
