import { IconTransform } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "mappings",
  title: "Mappings",
  permission: "mapping.read",
  navigation: { section: "agree", order: 2, icon: IconTransform },
  load: async () => (await import("./mappings.tsx")).Mappings,
});
