import { ensureSyntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";

const PARSE_WITHIN_MS = 200;

/** Where in the text a JSON pointer leads; as far as it goes, where the rest of it is missing. */
export function placeOf(state: EditorState, pointer: string): { from: number; to: number } {
  const top = ensureSyntaxTree(state, state.doc.length, PARSE_WITHIN_MS)?.topNode.firstChild;
  if (!top) return { from: 0, to: 0 };
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  let at = top;
  for (const step of steps) {
    const next =
      at.name === "Object" ? property(state, at, step) : at.name === "Array" ? item(at, step) : undefined;
    if (!next) break;
    at = next;
  }
  // A whole object or list is not underlined: its first sign stands for it.
  const whole = at.name === "Object" || at.name === "Array";
  return { from: at.from, to: whole ? at.from + 1 : at.to };
}

type SyntaxNode = NonNullable<ReturnType<typeof ensureSyntaxTree>>["topNode"];

function property(state: EditorState, object: SyntaxNode, name: string): SyntaxNode | undefined {
  for (const each of object.getChildren("Property")) {
    const key = each.getChild("PropertyName");
    if (key && JSON.parse(state.sliceDoc(key.from, key.to)) === name) return each.lastChild ?? undefined;
  }
  return undefined;
}

function item(array: SyntaxNode, index: string): SyntaxNode | undefined {
  const items: SyntaxNode[] = [];
  for (let child = array.firstChild; child; child = child.nextSibling)
    if (!["[", "]", ","].includes(child.name)) items.push(child);
  return items[Number(index)];
}
