import { MultiSelect, Select, TextInput } from "@mantine/core";
import "@mantine/core/styles/PillsInput.css";
import "@mantine/core/styles/Pill.css";
import { useQuery } from "@tanstack/react-query";

import { ask } from "../api/query.ts";
import type { paths } from "../api/schema.d.ts";

type Body = paths["/v1/accounts"]["post"]["requestBody"]["content"]["application/json"];
type Role = Body["roles"][number];

export interface Rights {
  kind: Body["kind"];
  name: string;
  roles: readonly Role[];
  /** Empty: no limit. */
  plants: readonly string[];
  system: string | null;
}

/** What an account may: its roles, and the plants it is limited to; of a service account its system. */
export function RightsFields({ values, set }: { values: Rights; set: (change: Partial<Rights>) => void }) {
  const { data: roles } = useQuery(ask("/v1/roles", undefined, { fresh: "once" }));
  const { data: plants } = useQuery(ask("/v1/plants", undefined, { fresh: "once" }));
  const { data: systems } = useQuery(ask("/v1/systems", undefined, { fresh: "once" }));
  return (
    <>
      <TextInput
        label="Name"
        description="For people."
        required
        value={values.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      {values.kind === "service" ? (
        <Select
          label="System"
          description="It tells the events of this system and does nothing else."
          required
          data={(systems?.items ?? []).map(({ system }) => system)}
          value={values.system}
          onChange={(system) => set({ system })}
        />
      ) : (
        <>
          <MultiSelect
            label="Roles"
            data={(roles?.items ?? []).map(({ name, title }) => ({ value: name, label: title }))}
            value={[...values.roles]}
            onChange={(chosen) => set({ roles: chosen as Role[] })}
          />
          <MultiSelect
            label="Only these plants"
            description="Empty: all plants."
            data={(plants?.items ?? []).map(({ plant, name }) => ({ value: plant, label: name }))}
            value={[...values.plants]}
            onChange={(chosen) => set({ plants: chosen })}
          />
        </>
      )}
    </>
  );
}

export function missingOf({ kind, name, system }: Rights): string | null {
  if (name.trim() === "") return "A name is needed.";
  return kind === "service" && system === null ? "Say whose events it tells." : null;
}

/** As the API takes them. */
export function rightsOf({ name, roles, plants, system }: Rights) {
  return { name: name.trim(), roles: [...roles], plants: plants.length === 0 ? null : [...plants], system };
}
