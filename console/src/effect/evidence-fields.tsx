import { TextInput } from "@mantine/core";

export interface EvidenceValues {
  /** What it is called: `documentNumber`. */
  name: string;
  value: string;
}

/** What a person saw in the target that proves it: its own number of the object. */
export function EvidenceFields({
  values: { name, value },
  set,
}: {
  values: EvidenceValues;
  set: (change: Partial<EvidenceValues>) => void;
}) {
  return (
    <>
      <TextInput
        label="What you saw"
        description="The name of it: documentNumber, journal, orderNumber."
        required
        value={name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <TextInput
        label="Its value in the target"
        required
        value={value}
        onChange={(event) => set({ value: event.currentTarget.value })}
        data-autofocus
      />
    </>
  );
}

export function evidenceOf({ name, value }: EvidenceValues): Record<string, string> {
  return { [name.trim()]: value.trim() };
}
