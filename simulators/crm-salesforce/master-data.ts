import type { Who } from "./book.ts";
import type { Fields, Records } from "./records.ts";
import type { Row } from "./store.ts";

/** Who works in the org. The integration user is whom every API client runs as. */
export type People = { readonly integration: string; readonly salesperson: string };

const ITEMS: readonly [item: string, name: string, unit: string, price: string, serialized: boolean][] = [
  ["PUMP-200", "Centrifugal pump 200", "Each", "1950.00", true],
  ["PUMP-300", "Centrifugal pump 300", "Each", "3480.00", true],
  ["VALVE-10", "Ball valve 10", "Each", "84.50", false],
  ["SEAL-KIT", "Seal kit", "Each", "39.90", false],
  ["COOLANT", "Coolant", "Liter", "6.25", false],
];

const CUSTOMERS: readonly [number: string, name: string, city: string, person: [string, string]][] = [
  ["C-100", "Brauer Maschinenbau GmbH", "Augsburg", ["Erika", "Brauer"]],
  ["C-200", "Ateliers Morel SA", "Lyon", ["Luc", "Morel"]],
  ["C-300", "Novak Strojirny a.s.", "Brno", ["Jana", "Novakova"]],
  ["C-900", "Hansen Process AS", "Aarhus", ["Mette", "Hansen"]],
];

/** Customers and products of the org. What is there already is changed, by the number another system knows it by. */
export class MasterData {
  readonly #records: Records;
  readonly people: People;
  readonly pricebook: string;

  /** Finds what the org starts with, or makes it the first time. */
  constructor(records: Records) {
    this.#records = records;
    const nobody: Who = { actor: "system", userId: "", reference: null };
    const user = (username: string, name: string) =>
      this.#first("User", ({ fields }) => fields["Username"] === username) ??
      records.create("User", { Username: username, Name: name, IsActive: true }, nobody);
    const integration = user("integration@example.com", "Integration User").id;
    const salesperson = user("anna.berger@example.com", "Anna Berger").id;
    this.people = { integration, salesperson };
    const standard = this.#first("Pricebook2", ({ fields }) => fields["IsStandard"] === true);
    const book = { Name: "Standard Price Book", IsStandard: true, IsActive: true };
    this.pricebook = (standard ?? records.create("Pricebook2", book, this.#system)).id;
    if (standard) return;
    for (const [item, name, unit, price, serialized] of ITEMS)
      this.putItem(item, { name, unit, price, serialized });
    for (const [number, name, city, [firstName, lastName]] of CUSTOMERS)
      this.putCustomer(number, { name, city, firstName, lastName });
  }

  putItem(item: string, given: { name?: string; unit?: string; price?: string; serialized?: boolean }): Row {
    const product = this.#put("Product2", "Item_Number__c", item, {
      Name: given.name ?? item,
      ProductCode: item,
      QuantityUnitOfMeasure: given.unit ?? "Each",
      IsSerialized: given.serialized ?? false,
    });
    const price = given.price ?? "0";
    const [entry] = this.#records
      .find("PricebookEntry", "Product2Id", product.id)
      .filter(({ fields }) => fields["Pricebook2Id"] === this.pricebook);
    if (entry) this.#records.update(entry, { UnitPrice: price }, this.#system);
    else {
      const values = { Pricebook2Id: this.pricebook, Product2Id: product.id, UnitPrice: price };
      this.#records.create("PricebookEntry", values, this.#system);
    }
    return product;
  }

  putCustomer(
    number: string,
    given: {
      name?: string;
      city?: string;
      firstName?: string;
      lastName?: string;
      email?: string;
      serviceLevel?: string;
      currency?: string;
    },
  ): Row {
    const account = this.#put("Account", "ERP_Customer_Number__c", number, {
      Name: given.name ?? number,
      AccountNumber: number,
      OwnerId: this.people.salesperson,
      ...(given.city === undefined ? {} : { BillingCity: given.city }),
      ...(given.serviceLevel === undefined ? {} : { Service_Level__c: given.serviceLevel }),
      ...(given.currency === undefined ? {} : { CurrencyIsoCode: given.currency }),
    });
    if (given.lastName !== undefined && this.#records.find("Contact", "AccountId", account.id).length === 0)
      this.#records.create(
        "Contact",
        {
          AccountId: account.id,
          LastName: given.lastName,
          ...(given.firstName === undefined ? {} : { FirstName: given.firstName }),
          Email: given.email ?? `${given.lastName.toLowerCase()}@example.com`,
        },
        this.#system,
      );
    return account;
  }

  get #system(): Who {
    return { actor: "system", userId: this.people.salesperson, reference: null };
  }

  #put(type: string, field: string, value: string, values: Fields): Row {
    const [row] = this.#records.find(type, field, value);
    if (row) return this.#records.update(row, values, this.#system);
    return this.#records.create(type, { ...values, [field]: value }, this.#system);
  }

  #first(type: string, wanted: (row: Row) => boolean): Row | undefined {
    return this.#records.store.since(type, "").find(wanted);
  }
}
