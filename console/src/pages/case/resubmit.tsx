import { lazy, Suspense } from "react";

import { ActionButton } from "../../action/action-button.tsx";
import type { ContractAddress } from "../../contract-editor/contract-editor.tsx";
import { Loading } from "../../notice/loading.tsx";
import type { CaseAnswer, CaseRequest } from "./answer.ts";

const ContractEditor = lazy(async () => ({
  default: (await import("../../contract-editor/contract-editor.tsx")).ContractEditor,
}));

interface Values {
  text: string;
  /** Undefined: not looked at yet; null: as the contract wants it. */
  wrong: string | null | undefined;
}

/** The refused content, to be corrected and sent in its place. */
export function Resubmit({
  found: { actions, effects },
  act,
}: {
  found: CaseAnswer;
  act: (body: CaseRequest) => Promise<unknown>;
}) {
  const effect = effects.find((each) => each.actions["resubmit"] === null);
  const contract = effect && addressOf(effect.type);
  return (
    <ActionButton<Values>
      label="Edit and resubmit"
      permission="case.act"
      refusal={effect ? null : (actions["resubmit"] ?? "no effect of it waits")}
      title={effect ? `Correct ${effect.type} for ${effect.system}` : "Correct it"}
      consequence="The corrected content goes out as a new effect in the place of the refused one, held against its contract as you type."
      initial={{ text: JSON.stringify(effect?.payload, undefined, 2), wrong: undefined }}
      fields={(values, set) => (
        <Suspense fallback={<Loading lines={6} />}>
          <Editor contract={contract!} values={values} set={set} />
        </Suspense>
      )}
      missing={({ wrong }) => (wrong === undefined ? "It is being held against its contract." : wrong)}
      submit="Send it corrected"
      run={({ text, reason }) => {
        const { reference, state, attempt } = effect!;
        const seen = [{ reference, state, attempt }];
        return act({ action: "resubmit", effects: seen, payload: JSON.parse(text) as unknown, reason });
      }}
      done="It goes out corrected."
    />
  );
}

function Editor({
  contract,
  values,
  set,
}: {
  contract: ContractAddress;
  values: Values;
  set: (change: Partial<Values>) => void;
}) {
  return (
    <ContractEditor
      label="Content"
      contract={contract}
      value={values.text}
      onChange={(text) => set({ text })}
      onVerdict={(wrong) => set({ wrong })}
    />
  );
}

/** `CreateSalesOrder.v1` is the first version of the effect CreateSalesOrder. */
function addressOf(type: string): ContractAddress {
  const [, name = type, major = "1"] = /^(?:interlock\.)?(.+)\.v(\d+)$/.exec(type) ?? [];
  return { kind: "effect", name, major };
}
