import { RE2JS } from "re2js";

/** JSONata constructs anew for each message what stands in the mapping's text once. */
const known = new WeakMap<RegExp, RE2JS>();

function compiled(pattern: RegExp): RE2JS {
  let regex = known.get(pattern);
  if (!regex) {
    const flags =
      (pattern.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
      (pattern.multiline ? RE2JS.MULTILINE : 0) |
      (pattern.dotAll ? RE2JS.DOTALL : 0);
    known.set(pattern, (regex = RE2JS.compile(RE2JS.translateRegExp(pattern.source), flags)));
  }
  return regex;
}

/**
 * The regular expressions of mappings, on RE2: linear in the text, whatever the pattern. JSONata wants a class it can
 * construct from a RegExp and then drives by `lastIndex` and `exec`, as with a RegExp that has the flag g.
 */
export class LinearRegExp {
  lastIndex = 0;
  readonly #regex: RE2JS;

  constructor(pattern: RegExp) {
    this.#regex = compiled(pattern);
  }

  exec(text: string): RegExpExecArray | null {
    const matcher = this.#regex.matcher(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    this.lastIndex = matcher.end();
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, n) => matcher.group(n) ?? undefined);
    return Object.assign(groups, { index: matcher.start(), input: text }) as unknown as RegExpExecArray;
  }
}
