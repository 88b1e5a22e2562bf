import { Button, Tooltip } from "@mantine/core";
import { type ReactNode, useState } from "react";

import { usePermission } from "../access/session.ts";
import type { Permission } from "../page.ts";
import { ActionForm, type ActionFormProps } from "./action-form.tsx";

export interface ActionButtonProps<Values extends object> extends Omit<ActionFormProps<Values>, "close"> {
  label: string;
  icon?: ReactNode;
  permission: Permission;
  /** As the API says it in `actions`: null or absent, it can be done now; otherwise why not. */
  refusal?: string | null | undefined;
  /** primary: what one mostly does here. grave: it ends or loses something. */
  weight?: "primary" | "plain" | "grave";
}

/**
 * Something that can be done. Where it cannot be done now, or not by this person, it stays in its place and says why; pressed,
 * it opens a form beside the page that asks for the reason.
 */
export function ActionButton<Values extends object>(props: ActionButtonProps<Values>) {
  const { label, icon, permission, refusal = null, weight = "plain", ...form } = props;
  const [open, setOpen] = useState(false);
  const forbidden = usePermission(permission);
  const why = forbidden ?? refusal;
  return (
    <>
      <Tooltip label={why} disabled={why === null} multiline maw={340}>
        <Button
          variant={weight === "primary" ? "filled" : weight === "grave" ? "light" : "default"}
          {...(weight === "grave" && { color: "red" })}
          leftSection={icon}
          // Not `disabled`: it must be reached by keyboard, for its reason to be read.
          {...(why !== null && {
            "aria-disabled": true,
            "data-disabled": true,
            "aria-description": why,
          })}
          onClick={() => why === null && setOpen(true)}
        >
          {label}
        </Button>
      </Tooltip>
      {open && <ActionForm {...form} close={() => setOpen(false)} />}
    </>
  );
}
