import { Facts } from "../../detail/facts.tsx";
import { Quantity } from "../../quantity/quantity.tsx";
import { Day } from "../../time/time.tsx";
import type { OrderAnswer } from "../../order/answer.ts";

export function Quantities({ order: { quantities, promisedDate, projectedDate } }: { order: OrderAnswer }) {
  const { unit, ordered, good, scrap, received, blocked, shipped, invoiced } = quantities;
  const amount = (value: string) => <Quantity value={value} unit={unit ?? undefined} />;
  return (
    <Facts
      compact
      of={{
        Ordered: amount(ordered),
        "Good pieces": amount(good),
        Scrap: amount(scrap),
        "In stock": amount(received),
        "Blocked of it": amount(blocked),
        Shipped: amount(shipped),
        Invoiced: amount(invoiced),
        Promised: <Day day={promisedDate} />,
        Projected: <Day day={projectedDate} />,
      }}
    />
  );
}
