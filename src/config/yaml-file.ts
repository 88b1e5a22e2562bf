import { LineCounter, parseDocument, isMap, isNode, isPair, type Node } from "yaml";
import { pointerKeys } from "../contract/pointer.ts";

/** A YAML document that still knows where each value stands. */
export interface YamlFile {
  file: string;
  value: unknown;
  /** Sentences that begin with `file:line:column`: the text is no YAML. */
  problems: string[];
  /** `interlock.yaml:12:5 systems.d365.baseUrl`: the place of a value, or of the nearest one around it. */
  place(pointer: string): string;
}

const MAX_LENGTH = 1_048_576;

/** Reads YAML 1.2 without anchors' abuse: at most 100 aliases, no custom tags, each key once. */
export function readYaml(file: string, text: string): YamlFile {
  if (text.length > MAX_LENGTH)
    return {
      file,
      value: undefined,
      problems: [`${file}: longer than ${MAX_LENGTH} characters`],
      place: () => file,
    };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    stringKeys: true,
  });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const problems = [...document.errors, ...document.warnings].map(
    ({ pos, message }) => `${at(pos[0])}: ${message.split("\n")[0]}`,
  );
  const place = (pointer: string) => {
    const keys = pointerKeys(pointer);
    const offset = offsetOf(document.contents, keys);
    return keys.length === 0 ? at(offset) : `${at(offset)} ${keys.join(".")}`;
  };
  let value: unknown;
  try {
    if (problems.length === 0) value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    problems.push(`${file}: ${(error as Error).message}`);
  }
  return { file, value, problems, place };
}

/** The offset of the deepest node on the way; for a member of a map, that of its key. */
function offsetOf(root: Node | null, keys: readonly string[]): number {
  let offset = root?.range?.[0] ?? 0;
  let node: unknown = root;
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && String(isNode(item.key) ? item.key : "") === key,
      );
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else {
      node = (node as { items?: unknown[] } | undefined)?.items?.[Number(key)];
      if (!isNode(node)) return offset;
      offset = node.range?.[0] ?? offset;
    }
  }
  return offset;
}
