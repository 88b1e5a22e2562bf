import { IconChartLine } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "kpis",
  title: "KPIs",
  permission: "kpi.read",
  navigation: { section: "prove", order: 1, icon: IconChartLine },
  load: async () => (await import("./kpis.tsx")).Kpis,
});
