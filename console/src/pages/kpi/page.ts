import { definePage } from "../../page.ts";

export default definePage({
  path: "kpis/$kpi",
  title: "KPI",
  permission: "kpi.read",
  load: async () => (await import("./kpi.tsx")).Kpi,
});
