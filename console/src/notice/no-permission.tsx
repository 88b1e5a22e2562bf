import { IconLock } from "@tabler/icons-react";

import { Notice } from "./notice.tsx";

export function NoPermission({ title, reason }: { title: string; reason: string }) {
  return (
    <Notice icon={IconLock} title={`${title} is not open to you`}>
      {reason}
    </Notice>
  );
}
