import { IconMapOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { Notice } from "./notice.tsx";

export function NotThere() {
  return (
    <Notice
      icon={IconMapOff}
      title="There is no such page"
      actions={<Link to="/overview">To the overview</Link>}
    >
      The address may have been cut off on its way here.
    </Notice>
  );
}
