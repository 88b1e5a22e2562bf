import { definePage } from "../../page.ts";

export default definePage({
  path: "orders/$order",
  title: "Order",
  permission: "order.read",
  load: async () => (await import("./order.tsx")).Order,
});
