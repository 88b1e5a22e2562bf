/** What stops a command. Codes of the hub and of other concepts pass through unchanged. */
export const CLI_ERRORS = {
  USAGE: "The command line cannot be understood. Add --help to the command to see what it takes.",
  HUB_UNKNOWN:
    "No running hub is known for this project. Start one with interlock run, or name one with --url and INTERLOCK_ADMIN_TOKEN.",
  HUB_UNREACHABLE: "The hub does not answer at its address. See that it runs, and that the address is right.",
  HUB_ANSWER: "What answered is no Interlock hub, or one of another version. Check the address.",
  ADDRESS_UNUSABLE:
    "The hub cannot listen at this address: it is taken, or may not be used. Choose another with --port or --host.",
  LEDGER_ABSENT:
    "There is no ledger to verify: no hub of this project has run, and DATABASE_URL names no database. Check the folder.",
  FOLDER_IN_USE: "The folder already holds a project. Choose another one; nothing was written.",
  PRODUCT_UNKNOWN: "There is no simulator for this product. The message lists those there are.",
} as const;
