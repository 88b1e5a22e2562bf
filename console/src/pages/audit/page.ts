import { IconHistory } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "audit",
  title: "Audit",
  permission: "audit.read",
  navigation: { section: "prove", order: 2, icon: IconHistory },
  load: async () => (await import("./audit.tsx")).Audit,
});
