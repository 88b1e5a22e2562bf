import type { ReactNode } from "react";

import { NoPermission } from "../notice/no-permission.tsx";
import type { Page } from "../page.ts";
import { usePermission } from "./session.ts";

/** Shows a page to whoever may see it, and says to everyone else why it stays closed. */
export function RequirePermission({ page, children }: { page: Page; children: ReactNode }) {
  const refusal = usePermission(page.permission);
  return refusal === null ? children : <NoPermission title={page.title} reason={refusal} />;
}
