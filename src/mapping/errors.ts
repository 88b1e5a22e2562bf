export const MAPPING_ERRORS = {
  MAPPING_SYNTAX: "The mapping is not valid JSONata. Correct it at the line and column the message names.",
  MAPPING_FAILED:
    "The mapping failed on a message. Correct the mapping, or the crosswalk, or the message at its source.",
  MAPPING_REFUSED:
    "The mapping says by itself, with $error, that the message makes no sense, and why. Have it told again as it should be and discard it, or correct the mapping and admit it again.",
  MAPPING_TIME_LIMIT:
    "The mapping used more processor time than it may. Look for recursion without an end, or split the message.",
  MAPPING_SIZE_LIMIT:
    "The mapping needed more memory, or gave a larger result, than is allowed. Map less at once.",
  MAPPING_RESULT:
    "The mapping gave something that is no canonical event or native payload. Compare it with docs/mappings.md.",
  MAPPING_INPUT: "The message is not JSON a mapping can read. Look at the raw message.",
  MAPPING_UNKNOWN: "No mapping of this name is loaded. Check the file's name and folder.",
  MAPPING_UNAVAILABLE: "The process that runs mappings could not be started. The log says why.",
} as const;

/** What the functions added to JSONata report, beside the errors of crosswalks and quantities. */
export const FUNCTION_ERRORS = {
  LOCAL_TIME_INVALID: "The text is no local time in the form expected. Give the picture as third argument.",
  PLANT_UNKNOWN: "The plant is not in interlock.yaml, so its time zone is unknown.",
  FUNCTION_ARGUMENT: "A function of the mapping was called with something it cannot use. Look at the value.",
} as const;
