import type { Erp } from "../erp.ts";
import { refuse } from "../refusal.ts";
import { defineTable, type RowOf } from "../store/table.ts";

export const CUSTOMERS = defineTable(
  "customer",
  {
    dataAreaId: "text",
    CustomerAccount: "text",
    OrganizationName: "text",
    NameAlias: "text",
    CustomerGroupId: "text",
    SalesCurrencyCode: "text",
    PaymentTerms: "text",
    CreditLimit: "decimal",
    OnHoldStatus: "text",
    InvoiceAccount: "text",
    SiteId: "text",
    WarehouseId: "text",
    SalesTaxGroupCode: "text",
    PrimaryContactEmail: "text",
    AddressStreet: "text",
    AddressCity: "text",
    AddressZipCode: "text",
    AddressCountryRegionId: "text",
    TaxExemptNumber: "text",
    ILKHoldReason: "text",
    ILKReference: "text",
  },
  ["dataAreaId", "CustomerAccount"],
);
export type Customer = RowOf<typeof CUSTOMERS.fields>;

export function findCustomer(erp: Erp, account: string, field: string): Customer {
  const customer = erp.get(CUSTOMERS, { CustomerAccount: account });
  if (!customer) refuse("UnknownCustomer", `Customer ${account} does not exist`, field);
  return customer;
}

/** A customer on hold for everything gets no new orders; open ones are not delivered. */
export function refuseOnHold(customer: Customer, field: string): void {
  if (customer.OnHoldStatus === "All")
    refuse(
      "CustomerOnHold",
      `Customer ${customer.CustomerAccount} is on hold${because(customer.ILKHoldReason)}`,
      field,
    );
}

export function because(reason: string): string {
  return reason === "" ? "" : `: ${reason}`;
}
