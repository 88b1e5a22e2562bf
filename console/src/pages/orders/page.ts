import { IconPackages } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "orders",
  title: "Orders",
  permission: "order.read",
  navigation: { section: "watch", order: 2, icon: IconPackages },
  load: async () => (await import("./orders.tsx")).Orders,
});
