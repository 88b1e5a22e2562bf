import { lazy, Suspense } from "react";

import { ActionButton } from "../action/action-button.tsx";
import type { ContractAddress } from "../contract-editor/contract-editor.tsx";
import { Loading } from "../notice/loading.tsx";
import type { Permission } from "../page.ts";

const ContractEditor = lazy(async () => ({
  default: (await import("../contract-editor/contract-editor.tsx")).ContractEditor,
}));

interface Values {
  text: string;
  /** Undefined: not looked at yet; null: as the contract wants it. */
  wrong: string | null | undefined;
}

interface ResubmitProps {
  /** The one that can be corrected; absent, none can. */
  effect: { readonly type: string; readonly system: string; readonly payload: unknown } | undefined;
  permission: Permission;
  refusal: string | null | undefined;
  send: (payload: unknown, reason: string) => Promise<unknown>;
}

/** The refused content, to be corrected and sent in its place. */
export function Resubmit({ effect, permission, refusal, send }: ResubmitProps) {
  const contract = effect && addressOf(effect.type);
  return (
    <ActionButton<Values>
      label="Edit and resubmit"
      permission={permission}
      refusal={effect ? null : (refusal ?? "no effect of it waits")}
      title={effect ? `Correct ${effect.type} for ${effect.system}` : "Correct it"}
      consequence="The corrected content goes out as a new effect in the place of the refused one. It is held against its contract as you type."
      initial={{ text: JSON.stringify(effect?.payload, undefined, 2), wrong: undefined }}
      fields={(values, set) =>
        contract && (
          <Suspense fallback={<Loading lines={6} />}>
            <ContractEditor
              label="Content"
              contract={contract}
              value={values.text}
              onChange={(text) => set({ text })}
              onVerdict={(wrong) => set({ wrong })}
            />
          </Suspense>
        )
      }
      missing={({ wrong }) => (wrong === undefined ? "It is being held against its contract." : wrong)}
      submit="Send it corrected"
      run={({ text, reason }) => send(JSON.parse(text), reason)}
      done="It goes out corrected."
    />
  );
}

/** `CreateSalesOrder.v1` is the first version of the effect CreateSalesOrder. */
function addressOf(type: string): ContractAddress {
  const [, name = type, major = "1"] = /^(?:interlock\.)?(.+)\.v(\d+)$/.exec(type) ?? [];
  return { kind: "effect", name, major };
}
