import { MultiSelect, NumberInput, TextInput } from "@mantine/core";
import "@mantine/core/styles/NumberInput.css";
import "@mantine/core/styles/PillsInput.css";
import "@mantine/core/styles/Pill.css";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { ActionButton } from "../action/action-button.tsx";
import { client } from "../api/client.ts";
import { ask } from "../api/query.ts";
import type { Permission } from "../page.ts";
import { SecretShownOnce } from "./secret-shown-once.tsx";

interface Values {
  name: string;
  days: number;
  /** Empty: all that the account may. */
  permissions: readonly Permission[];
}

/** Makes an API token of this account, or of the one that is named, and shows it once. */
export function MakeToken({ account }: { account?: string }) {
  const [made, setMade] = useState<string>();
  const { data: roles } = useQuery(ask("/v1/roles", undefined, { fresh: "once" }));
  const permissions = Object.entries(roles?.permissions ?? {});
  return (
    <>
      <ActionButton<Values>
        label="Make a token"
        permission="token.own"
        title="Make an API token"
        consequence="A program that shows it may what it carries, until it expires or is revoked. It is shown once."
        initial={{ name: "", days: 90, permissions: [] }}
        fields={(values, set) => (
          <>
            <TextInput
              label="What it is for"
              required
              value={values.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
              data-autofocus
            />
            <NumberInput
              label="Holds for days"
              min={1}
              max={365}
              allowDecimal={false}
              value={values.days}
              onChange={(days) => set({ days: Number(days) })}
            />
            <MultiSelect
              label="Only these permissions"
              description="As few as it needs. Empty: all that the account may."
              searchable
              data={permissions.map(([value, words]) => ({ value, label: `${value}: ${words}` }))}
              value={[...values.permissions]}
              onChange={(chosen) => set({ permissions: chosen as Permission[] })}
            />
          </>
        )}
        missing={({ name, days }) =>
          name.trim() === "" ? "Say what it is for." : days >= 1 ? null : "At least one day."
        }
        submit="Make it"
        run={async ({ name, days, permissions: some, reason }) => {
          const { data } = await client.POST("/v1/tokens", {
            body: {
              name,
              days,
              reason,
              ...(account !== undefined && { account }),
              ...(some.length > 0 && { permissions: [...some] }),
            },
          });
          setMade(data!.token);
        }}
        done="It is made."
      />
      {made !== undefined && (
        <SecretShownOnce
          title="The new token"
          secret={made}
          words="Keep it now where the program reads it: it is not shown again. A request shows it as “Authorization: Bearer …”."
          close={() => setMade(undefined)}
        />
      )}
    </>
  );
}
