import { Notice } from "../notice/notice.tsx";
import { IconLock } from "@tabler/icons-react";

export function SignIn() {
  return (
    <Notice icon={IconLock} title="Sign in">
      …
    </Notice>
  );
}
