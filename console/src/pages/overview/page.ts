import { IconLayoutDashboard } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "overview",
  title: "Overview",
  permission: "overview.read",
  navigation: { section: "watch", order: 1, icon: IconLayoutDashboard },
  load: async () => (await import("./overview.tsx")).Overview,
});
