import { format } from "oxfmt";

import config from "../../oxfmt.config.ts";

/** A generated file's text in the project's form, which its name tells. Throws what is wrong with the text. */
export async function formatText(name: string, text: string): Promise<string> {
  const { ignorePatterns: _, ...options } = config;
  const { code, errors } = await format(name, text, options);
  if (errors.length > 0) throw new Error(`${name}: ${errors.map(({ message }) => message).join("; ")}`);
  return code;
}
