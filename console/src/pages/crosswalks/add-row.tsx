import { Autocomplete, Checkbox, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

import { ActionButton } from "../../action/action-button.tsx";
import { client } from "../../api/client.ts";

interface Values {
  system: string;
  kind: string;
  native: string;
  canonical: string;
  preferred: boolean;
}

interface AddRowProps {
  label: string;
  icon?: ReactNode;
  /** Of a value that messages wait for: all but what it means here. */
  value?: Pick<Values, "system" | "kind" | "native">;
  /** What the same value means in other systems. */
  suggestions?: readonly string[];
}

/** Says what a system's value means; messages that wait for it go on. */
export function AddRow({ label, icon, value, suggestions = [] }: AddRowProps) {
  const known = value !== undefined;
  return (
    <ActionButton<Values>
      label={label}
      icon={icon}
      permission="crosswalk.write"
      weight={known ? "primary" : "plain"}
      title={known ? `What does ${value.native} mean?` : "Add a row"}
      consequence="It is in force at once, and the messages that wait for it are tried again. Who said it, and why, stays in the ledger. Bring it home to git with the CSV."
      initial={{ system: "", kind: "", native: "", canonical: "", preferred: false, ...value }}
      fields={(values, set) => (
        <>
          {(["system", "kind", "native"] as const).map((field) => (
            <TextInput
              key={field}
              label={LABELS[field]}
              required
              readOnly={known}
              value={values[field]}
              onChange={(event) => set({ [field]: event.currentTarget.value })}
            />
          ))}
          <Autocomplete
            label="What everybody calls it"
            description={suggestions.length > 0 ? "Suggested: what it means in other systems." : undefined}
            required
            data={[...suggestions]}
            value={values.canonical}
            onChange={(canonical) => set({ canonical })}
            data-autofocus
          />
          <Checkbox
            label="Write this value, where several mean the same"
            checked={values.preferred}
            onChange={(event) => set({ preferred: event.currentTarget.checked })}
          />
        </>
      )}
      missing={({ system, kind, native, canonical }) =>
        [system, kind, native, canonical].some((text) => text.trim() === "") ? "Every field is needed." : null
      }
      submit="Put it in force"
      run={async ({ reason, ...row }) => {
        const { data } = await client.POST("/v1/crosswalks/rows", { body: { ...row, reason } });
        return data;
      }}
      done={(answer) => {
        const { readmitted } = answer as { readmitted: number };
        return readmitted === 0
          ? "In force."
          : `In force; ${readmitted} ${readmitted === 1 ? "message is" : "messages are"} tried again.`;
      }}
    />
  );
}

const LABELS = {
  system: "System (* for every system)",
  kind: "Kind",
  native: "What the system calls it",
} as const;
