import { IconInbox } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "cases",
  title: "Cases",
  permission: "case.read",
  navigation: { section: "settle", order: 1, icon: IconInbox },
  load: async () => (await import("./cases.tsx")).Cases,
});
