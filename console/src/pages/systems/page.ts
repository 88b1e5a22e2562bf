import { IconServer2 } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "systems",
  title: "Systems",
  permission: "system.read",
  navigation: { section: "run", order: 10, icon: IconServer2 },
  load: async () => (await import("./systems.tsx")).Systems,
});
