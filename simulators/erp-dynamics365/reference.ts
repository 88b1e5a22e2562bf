/** The caller's reference in a body, without parsing it: of a batch the first, of a message the one inside of its text. */
export function referenceIn(body: string): string {
  return referencesIn(body)[0] ?? "";
}

export function referencesIn(body: string): string[] {
  return [...body.matchAll(/\\?"ILKReference\\?"\s*:\s*\\?"([^"\\]{1,80})\\?"/g)].map(
    ([, reference = ""]) => reference,
  );
}
