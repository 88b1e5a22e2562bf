/** Why something is so, in the plant's own code and in words. */
export type Reason = { code: string; message: string };
