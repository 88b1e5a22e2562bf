/** What stands at a JSON pointer; undefined where nothing does. */
export function valueAt(value: unknown, pointer: string): unknown {
  let found = value;
  for (const name of namesOf(pointer)) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

/** A copy with another value at a pointer; objects on the way are made where they are missing. */
export function withValueAt(
  holder: Record<string, unknown>,
  pointer: string,
  value: unknown,
): Record<string, unknown> {
  const [name = "", ...rest] = namesOf(pointer);
  if (rest.length === 0) return { ...holder, [name]: value };
  const within = holder[name];
  const child = typeof within === "object" && within !== null ? (within as Record<string, unknown>) : {};
  return { ...holder, [name]: withValueAt(child, `/${rest.join("/")}`, value) };
}

function namesOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}
