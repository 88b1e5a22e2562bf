import { defineEntitySet } from "../odata/entity-set.ts";
import { refuse } from "../refusal.ts";
import { CUSTOMERS, type Customer } from "./customer.ts";

const WRITABLE = [
  "OrganizationName",
  "NameAlias",
  "CustomerGroupId",
  "SalesCurrencyCode",
  "PaymentTerms",
  "CreditLimit",
  "OnHoldStatus",
  "InvoiceAccount",
  "SiteId",
  "WarehouseId",
  "SalesTaxGroupCode",
  "PrimaryContactEmail",
  "AddressStreet",
  "AddressCity",
  "AddressZipCode",
  "AddressCountryRegionId",
  "TaxExemptNumber",
  "ILKHoldReason",
] as const;

export const CUSTOMER_SETS = [
  defineEntitySet({
    names: ["CustomersV3"],
    entity: "CustCustomerV3Entity",
    table: CUSTOMERS,
    insert: {
      fields: ["CustomerAccount", ...WRITABLE],
      required: ["CustomerAccount", "OrganizationName", "SalesCurrencyCode"],
      run(erp, call, given) {
        const account = given.CustomerAccount ?? "";
        if (erp.get(CUSTOMERS, { CustomerAccount: account }))
          refuse(
            "AlreadyExists",
            `Cannot create a record in Customers (CustTable). Customer account: ${account}. The record already exists`,
            "CustomerAccount",
          );
        check(given);
        erp.record(call, "customer.create", account);
        erp.tell(call, "ILKCustomerChangedBusinessEvent", { CustomerAccount: account });
        return erp.create(CUSTOMERS, { OnHoldStatus: "No", ...given, ILKReference: call.reference });
      },
    },
    update: {
      fields: WRITABLE,
      run(erp, call, row, given) {
        check(given);
        erp.record(call, "customer.change", row.CustomerAccount);
        erp.tell(call, "ILKCustomerChangedBusinessEvent", { CustomerAccount: row.CustomerAccount });
        const reference = call.reference || row.ILKReference;
        erp.change(CUSTOMERS, row, { ...given, ILKReference: reference });
      },
    },
  }),
];

function check(given: Partial<Customer>): void {
  if (given.OnHoldStatus !== undefined && given.OnHoldStatus !== "No" && given.OnHoldStatus !== "All")
    refuse("UnknownValue", `OnHoldStatus ${given.OnHoldStatus} is none of No, All`, "OnHoldStatus");
  if (given.CreditLimit?.startsWith("-"))
    refuse("Negative", "CreditLimit must not be negative", "CreditLimit");
}
