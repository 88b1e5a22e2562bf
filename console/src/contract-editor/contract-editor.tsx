import { json } from "@codemirror/lang-json";
import { type Diagnostic, linter, lintGutter } from "@codemirror/lint";
import { useComputedColorScheme } from "@mantine/core";
import CodeMirror, { EditorView } from "@uiw/react-codemirror";
import { useMemo, useRef } from "react";

import { client } from "../api/client.ts";
import { styleNonce } from "../theme/nonce.ts";
import styles from "./contract-editor.module.css";
import { placeOf } from "./place-of.ts";

/** A contract by what stands in an effect or an event. */
export interface ContractAddress {
  readonly kind: "event" | "effect" | "query";
  readonly name: string;
  readonly major: string;
}

interface ContractEditorProps {
  contract: ContractAddress;
  value: string;
  onChange: (text: string) => void;
  /** Undefined while it is being looked at; null when it is as the contract wants it; otherwise what is wrong first. */
  onVerdict: (wrong: string | null | undefined) => void;
  label: string;
}

const TYPING_MS = 300;

/** Content as JSON, held against its contract while it is typed: what is wrong is marked where it stands, with the reason. */
export function ContractEditor({ contract, value, onChange, onVerdict, label }: ContractEditorProps) {
  const scheme = useComputedColorScheme();
  const { kind, name, major } = contract;
  // The editor keeps its extensions; whom they tell may be another with every rendering.
  const tell = useRef(onVerdict);
  tell.current = onVerdict;
  const extensions = useMemo(
    () => [
      json(),
      lintGutter(),
      linter((view) => check({ kind, name, major }, view, (wrong) => tell.current(wrong)), {
        delay: TYPING_MS,
      }),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.cspNonce.of(styleNonce()),
    ],
    [kind, name, major, label],
  );
  return (
    <CodeMirror
      className={styles["editor"]!}
      value={value}
      theme={scheme}
      // Tab leaves the editor: whoever works by keyboard must get out of it.
      indentWithTab={false}
      maxHeight="420px"
      extensions={extensions}
      onChange={(text) => {
        onVerdict(undefined);
        onChange(text);
      }}
    />
  );
}

async function check(
  { kind, name, major }: ContractAddress,
  view: EditorView,
  onVerdict: ContractEditorProps["onVerdict"],
): Promise<Diagnostic[]> {
  const text = view.state.doc.toString();
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const message = `This is no JSON yet: ${(error as Error).message}`;
    onVerdict(message);
    return [{ from: 0, to: Math.min(1, text.length), severity: "error", message }];
  }
  try {
    const { data } = await client.POST("/v1/contracts/{kind}/{name}/{major}/check", {
      params: { path: { kind, name, major } },
      body: { content },
    });
    const problems = data?.problems ?? [];
    onVerdict(problems[0] ? `${problems[0].pointer || "/"} ${problems[0].message}` : null);
    return problems.map(({ pointer, message }): Diagnostic => {
      return { ...placeOf(view.state, pointer), severity: "error", message: `${pointer || "/"} ${message}` };
    });
  } catch (error) {
    onVerdict((error as Error).message);
    return [];
  }
}
