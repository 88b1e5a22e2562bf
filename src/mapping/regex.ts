import { RE2JS } from "re2js";

/**
 * The regular expressions of mappings, on RE2: linear in the text, whatever the pattern. JSONata wants a class it can
 * construct from a RegExp and then drives by `lastIndex` and `exec`, as with a RegExp that has the flag g.
 */
export class LinearRegExp {
  lastIndex = 0;
  readonly #regex: RE2JS;

  constructor(pattern: RegExp) {
    const flags =
      (pattern.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
      (pattern.multiline ? RE2JS.MULTILINE : 0) |
      (pattern.dotAll ? RE2JS.DOTALL : 0);
    this.#regex = RE2JS.compile(RE2JS.translateRegExp(pattern.source), flags);
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
