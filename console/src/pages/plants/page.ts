import { IconBuildingFactory2 } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "plants",
  title: "Plants",
  permission: "system.read",
  navigation: { section: "run", order: 20, icon: IconBuildingFactory2 },
  load: async () => (await import("./plants.tsx")).Plants,
});
