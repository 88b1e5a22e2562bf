import { IconRoute } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "processes",
  title: "Processes",
  permission: "process.read",
  navigation: { section: "run", order: 30, icon: IconRoute },
  load: async () => (await import("./processes.tsx")).Processes,
});
