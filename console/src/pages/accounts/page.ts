import { IconUsers } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "accounts",
  title: "Accounts",
  permission: "account.admin",
  navigation: { section: "run", order: 50, icon: IconUsers },
  load: async () => (await import("./accounts.tsx")).Accounts,
});
