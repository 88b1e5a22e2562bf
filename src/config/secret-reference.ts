import { readFileSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";

/** Where `${NAME}` is looked up: the process's environment, and what `interlock secret set` keeps. */
export type Environment = Readonly<Record<string, string | undefined>>;

const NAMED = /^\$\{([A-Z][A-Z0-9_]{0,79})\}$/;
const IN_FILE = /^\$\{file:([^}]{1,400})\}$/;
const LARGEST = 65_536;

export function isSecretReference(text: string): boolean {
  return NAMED.test(text) || IN_FILE.test(text);
}

/**
 * The secret that `${NAME}` or `${file:/run/secrets/name}` stands for. What is told of a problem never holds a secret.
 * @param environment null to check a project without secrets at hand: the text stays as it is
 */
export function readSecret(
  text: string,
  environment: Environment | null,
): { readonly value?: string; readonly problem?: string } {
  const name = NAMED.exec(text)?.[1];
  const file = IN_FILE.exec(text)?.[1];
  if (name === undefined && file === undefined) {
    return {
      problem:
        "is a secret: write ${NAME} and set NAME in the environment, or ${file:/path} and put it there",
    };
  }
  if (environment === null) return { value: text };
  return name === undefined ? fromFile(file!) : named(name, environment[name]);
}

function named(name: string, value: string | undefined): { value: string } | { problem: string } {
  if (value) return { value };
  return {
    problem: `the environment variable ${name} is not set, and no secret of that name is kept (interlock secret set ${name})`,
  };
}

/** As container platforms hand them over: one secret, perhaps with a line end behind it. */
function fromFile(path: string): { value: string } | { problem: string } {
  if (!isAbsolute(path)) return { problem: `the file ${path} must be named with its whole path` };
  try {
    if (statSync(path).size > LARGEST) return { problem: `the file ${path} is longer than a secret can be` };
    const value = readFileSync(path, "utf8").replace(/\r?\n$/, "");
    return value === "" ? { problem: `the file ${path} is empty` } : { value };
  } catch (error) {
    return { problem: `the file ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}` };
  }
}
