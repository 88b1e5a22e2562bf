import { PasswordInput } from "@mantine/core";

import { ActionForm } from "../action/action-form.tsx";
import { client } from "../api/client.ts";
import { useSession } from "./session.ts";

interface Values {
  current: string;
  password: string;
  again: string;
}

/** One's own password: the first one after a one-time link, or another. */
export function PasswordForm({ close }: { close: () => void }) {
  const { passwordMissing, way } = useSession();
  const asksCurrent = !passwordMissing && way !== "link";
  return (
    <ActionForm<Values>
      title={passwordMissing ? "Set a password" : "Change the password"}
      consequence="All other sessions of your account end. You stay signed in here."
      withoutReason
      initial={{ current: "", password: "", again: "" }}
      fields={({ current, password, again }, set) => (
        <>
          {asksCurrent && (
            <PasswordInput
              label="Present password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => set({ current: event.currentTarget.value })}
            />
          )}
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            value={password}
            onChange={(event) => set({ password: event.currentTarget.value })}
          />
          <PasswordInput
            label="New password, again"
            autoComplete="new-password"
            value={again}
            onChange={(event) => set({ again: event.currentTarget.value })}
          />
        </>
      )}
      missing={({ password, again }) =>
        password === "" ? "Choose a password." : password === again ? null : "Both must be the same."
      }
      submit="Set it"
      run={({ current, password }) =>
        client.PUT("/v1/session/password", { body: { password, ...(asksCurrent && { current }) } })
      }
      done="The password is set."
      close={close}
    />
  );
}
