import { asObject } from "./body.ts";
import type { Who } from "./book.ts";
import { NumberText } from "./exact-json.ts";
import { knownField, type Fields, type Records } from "./records.ts";
import { Refusal } from "./refusal.ts";
import { fieldOf, objectOf, type SObject } from "./schema.ts";
import type { Row } from "./store.ts";
import { readValue } from "./value.ts";

type Given = Record<string, unknown>;

/** What people do at the org's own screens. Nothing of it has a reference. */
export class Clerk {
  readonly #records: Records;
  readonly #who: Who;
  readonly #pricebook: string;

  constructor(records: Records, userId: string, pricebook: string) {
    this.#records = records;
    this.#who = { actor: "clerk", userId, reference: null };
    this.#pricebook = pricebook;
  }

  perform(given: Given): Row {
    switch (given["action"]) {
      case "create-quote":
        return this.#createQuote(given);
      case "accept-quote":
        return this.#acceptQuote(given);
      case "create-order":
        return this.#createOrder(given);
      case "change-order":
        return this.#changeOrder(given);
      case "cancel-order":
        return this.#update(this.#one("Order", "OrderNumber", given["order"]), {
          Status: "Cancelled",
          Change_Reason__c: given["reason"],
        });
      case "open-case":
        return this.#openCase(given);
      case "update-case":
        return this.#update(this.#one("Case", "CaseNumber", given["case"]), asObject(given["fields"]));
      case "close-case":
        return this.#update(this.#one("Case", "CaseNumber", given["case"]), {
          Status: "Closed",
          ...(given["reason"] === undefined ? {} : { Reason: given["reason"] }),
        });
      case "edit-account":
        return this.#update(this.#account(given["account"]), asObject(given["fields"]));
      default:
        throw new Refusal(
          422,
          "UNKNOWN_ACTION",
          `${String(given["action"])} is none of create-quote, accept-quote, create-order, change-order, cancel-order, open-case, update-case, close-case, edit-account`,
        );
    }
  }

  #createQuote(given: Given): Row {
    const account = this.#account(given["account"]);
    const quote = this.#create("Quote", {
      Name: given["name"] ?? `Quote for ${String(account.fields["Name"])}`,
      AccountId: account.id,
      ContactId: this.#contactOf(account),
      Pricebook2Id: this.#pricebook,
      Status: "Presented",
      PoNumber__c: given["poNumber"],
      Requested_Date__c: given["requestedDate"],
      Service_Level__c: given["serviceLevel"] ?? account.fields["Service_Level__c"],
      Shipping_Policy__c: given["shippingPolicy"],
      CurrencyIsoCode: account.fields["CurrencyIsoCode"],
    });
    for (const line of linesOf(given))
      this.#create("QuoteLineItem", { QuoteId: quote.id, ...this.#lineOf(line) });
    return this.#records.get(quote.id)!;
  }

  /** The customer signed: the quote is accepted, and an order is made from it and activated, in one go. */
  #acceptQuote(given: Given): Row {
    const quote = this.#one("Quote", "QuoteNumber", given["quote"]);
    if (quote.fields["Status"] === "Accepted")
      throw new Refusal(400, "FIELD_INTEGRITY_EXCEPTION", "the quote was accepted before", ["Status"]);
    this.#update(quote, {
      Status: "Accepted",
      ...(given["poNumber"] === undefined ? {} : { PoNumber__c: given["poNumber"] }),
    });
    const { fields } = this.#records.get(quote.id)!;
    const order = this.#create("Order", {
      AccountId: fields["AccountId"],
      QuoteId: quote.id,
      BillToContactId: fields["ContactId"],
      Pricebook2Id: fields["Pricebook2Id"],
      EffectiveDate: this.#records.clock.today(),
      PoNumber: fields["PoNumber__c"],
      Requested_Date__c: fields["Requested_Date__c"],
      Service_Level__c: fields["Service_Level__c"],
      Shipping_Policy__c: fields["Shipping_Policy__c"],
      CurrencyIsoCode: fields["CurrencyIsoCode"],
    });
    for (const { id, fields } of this.#records.find("QuoteLineItem", "QuoteId", quote.id))
      this.#create("OrderItem", {
        OrderId: order.id,
        QuoteLineItemId: id,
        PricebookEntryId: fields["PricebookEntryId"],
        Quantity: fields["Quantity"],
        UnitPrice: fields["UnitPrice"],
        ServiceDate: fields["ServiceDate"],
        Options__c: fields["Options__c"],
      });
    return this.#update(this.#records.get(order.id)!, { Status: "Activated" });
  }

  #createOrder(given: Given): Row {
    const account = this.#account(given["account"]);
    const order = this.#create("Order", {
      AccountId: account.id,
      BillToContactId: this.#contactOf(account),
      Pricebook2Id: this.#pricebook,
      EffectiveDate: this.#records.clock.today(),
      PoNumber: given["poNumber"],
      Requested_Date__c: given["requestedDate"],
      Service_Level__c: given["serviceLevel"] ?? account.fields["Service_Level__c"],
      Shipping_Policy__c: given["shippingPolicy"],
      CurrencyIsoCode: account.fields["CurrencyIsoCode"],
    });
    for (const line of linesOf(given))
      this.#create("OrderItem", { OrderId: order.id, ...this.#lineOf(line) });
    return this.#update(this.#records.get(order.id)!, { Status: "Activated" });
  }

  /** Back to a draft, the lines changed, activated again: three saves, one transaction. */
  #changeOrder(given: Given): Row {
    let order = this.#one("Order", "OrderNumber", given["order"]);
    order = this.#update(order, {
      Status: "Draft",
      Change_Reason__c: given["reason"] ?? null,
      ...(given["poNumber"] === undefined ? {} : { PoNumber: given["poNumber"] }),
      ...(given["requestedDate"] === undefined ? {} : { Requested_Date__c: given["requestedDate"] }),
    });
    for (const line of linesOf(given)) {
      const number = line["line"] === undefined ? undefined : textOf(line["line"]);
      const held = this.#records
        .find("OrderItem", "OrderId", order.id)
        .find(({ fields }) => fields["Line_Number__c"] === number);
      if (!held) this.#create("OrderItem", { OrderId: order.id, ...this.#lineOf(line) });
      else if (textOf(line["quantity"]) === "0") this.#records.remove(held, this.#who);
      else
        this.#update(held, {
          ...(line["quantity"] === undefined ? {} : { Quantity: line["quantity"] }),
          ...(line["price"] === undefined ? {} : { UnitPrice: line["price"] }),
          ...(line["requestedDate"] === undefined ? {} : { ServiceDate: line["requestedDate"] }),
          ...(line["options"] === undefined ? {} : { Options__c: line["options"] }),
        });
    }
    return this.#update(this.#records.get(order.id)!, { Status: "Activated" });
  }

  #openCase(given: Given): Row {
    const asset =
      given["asset"] === undefined ? undefined : this.#one("Asset", "Asset_Key__c", given["asset"]);
    const account =
      given["account"] === undefined ? asset?.fields["AccountId"] : this.#account(given["account"]).id;
    return this.#create("Case", {
      AccountId: account,
      AssetId: asset?.id,
      Subject: given["subject"],
      Description: given["description"],
      Reason: given["reason"],
      Priority: given["priority"] ?? "Medium",
      Origin: "Phone",
      Serial__c: given["serial"],
      Lot__c: given["lot"],
    });
  }

  #lineOf(line: Given): Given {
    const product = this.#one("Product2", "Item_Number__c", line["item"]);
    const entry = this.#records
      .find("PricebookEntry", "Product2Id", product.id)
      .find(({ fields }) => fields["Pricebook2Id"] === this.#pricebook);
    if (!entry) throw new Refusal(422, "NO_PRICE", `${String(line["item"])} has no price`, ["item"]);
    return {
      PricebookEntryId: entry.id,
      Quantity: line["quantity"],
      UnitPrice: line["price"] ?? entry.fields["UnitPrice"],
      ServiceDate: line["requestedDate"],
      Options__c: line["options"],
      ...(line["line"] === undefined ? {} : { Line_Number__c: line["line"] }),
    };
  }

  #create(type: string, values: Given): Row {
    return this.#records.create(type, this.#read(objectOf(type)!, values), this.#who);
  }

  #update(row: Row, values: Given): Row {
    return this.#records.update(row, this.#read(objectOf(row.type)!, values), this.#who);
  }

  #read(object: SObject, values: Given): Fields {
    return Object.fromEntries(
      Object.entries(values)
        .filter(([name, value]) => value !== undefined && (fieldOf(object, name) || knownField(object, name)))
        .map(([name, value]) => [knownField(object, name).name, readValue(knownField(object, name), value)]),
    );
  }

  #account(number: unknown): Row {
    return this.#one("Account", "ERP_Customer_Number__c", number);
  }

  #contactOf(account: Row): string | undefined {
    return this.#records.find("Contact", "AccountId", account.id)[0]?.id;
  }

  #one(type: string, field: string, value: unknown): Row {
    const [row] = this.#records.find(type, field, textOf(value));
    if (row) return row;
    throw new Refusal(
      422,
      "UNKNOWN_RECORD",
      `there is no ${type} with ${field} ${textOf(value).slice(0, 80)}`,
      [field],
    );
  }
}

function linesOf(given: Given): Given[] {
  const lines = given["lines"] ?? [];
  if (!Array.isArray(lines)) throw new Refusal(422, "INVALID_LINES", "lines is an array", ["lines"]);
  return lines.map(asObject);
}

function textOf(value: unknown): string {
  return value instanceof NumberText ? value.text : String(value ?? "");
}
