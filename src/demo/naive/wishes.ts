/** What the customers of one world wanted, read from its CRM: so that they want the same in another one. */
import type { Wish } from "../factory/people.ts";
import type { World } from "../factory/world.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the side door's answer, as the simulator's README shows it
type Seen = any;

export async function readWishes(world: World, orders: readonly string[]): Promise<Wish[]> {
  const [requests, lines] = (await Promise.all(
    ["Order_Request__c", "Order_Request_Line__c"].map((type) => world.ask("crm", `records/${type}`)),
  )) as [Seen[], Seen[]];
  return orders.map((number) => {
    const request = requests.find((each) => each.Order_Number__c === number && each.Type__c === "New");
    const line = lines.find((each) => each.Order_Request__c === request.Id);
    return {
      customer: request.Customer_Number__c,
      item: line.Item_Number__c,
      quantity: line.Quantity__c,
      price: line.Unit_Price__c,
      ...(line.Options__c && { options: line.Options__c }),
      poNumber: request.Po_Number__c,
      requestedDate: line.Requested_Date__c,
    };
  });
}
