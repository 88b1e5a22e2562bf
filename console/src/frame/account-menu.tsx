import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconKey, IconLogout } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { client } from "../api/client.ts";
import { queryClient } from "../api/query.ts";
import { PasswordForm } from "../access/password-form.tsx";
import { useSession } from "../access/session.ts";
import styles from "./account-menu.module.css";

export function AccountMenu() {
  const { name, account, roles, plants, way, passwordMissing } = useSession();
  const [setting, setSetting] = useState(false);
  const signOut = useMutation({
    mutationFn: () => client.DELETE("/v1/session"),
    // Nothing of what this account saw stays for the next one.
    onSettled: () => {
      queryClient.clear();
      window.location.reload();
    },
  });
  return (
    <Menu position="bottom-end" width={260} withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="gray" rightSection={<IconChevronDown size={14} />}>
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles["who"]}>
          <strong>{name}</strong>
          <span>{account}</span>
          <span>{roles.map(({ title }) => title).join(", ") || "No role"}</span>
          <span>{plants === null ? "All plants" : `Plants: ${plants.join(", ")}`}</span>
        </div>
        <Menu.Divider />
        {(way === "password" || way === "link") && (
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setSetting(true)}>
            {passwordMissing ? "Set a password" : "Change the password"}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
      {setting && <PasswordForm close={() => setSetting(false)} />}
    </Menu>
  );
}
