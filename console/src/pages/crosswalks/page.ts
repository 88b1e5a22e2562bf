import { IconArrowsExchange } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "crosswalks",
  title: "Crosswalks",
  permission: "crosswalk.read",
  navigation: { section: "agree", order: 3, icon: IconArrowsExchange },
  load: async () => (await import("./crosswalks.tsx")).Crosswalks,
});
