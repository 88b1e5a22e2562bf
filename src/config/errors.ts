export const CONFIG_ERRORS = {
  PROJECT_INVALID:
    "The project's files are not right. Every problem is named with its file and line; correct them and run `interlock check`.",
} as const;
