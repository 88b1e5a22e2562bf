import { Type, type Static } from "typebox";

const pointer = (description: string, standard: string) =>
  Type.Optional(Type.String({ description, pattern: "^(/[^/]+)+$", maxLength: 200, default: standard }));
const path = (description: string, standard: string) =>
  Type.Optional(Type.String({ description, pattern: "^/", maxLength: 300, default: standard }));
const word = (description: string, standard: string) =>
  Type.Optional(Type.String({ description, minLength: 1, maxLength: 80, default: standard }));

/** Where things stand in this vendor's interface. What is left out has the names of the first dialect. */
const dialect = Type.Object(
  {
    tokenPath: path("Where a token is fetched by client credentials", "/oauth/token"),
    messagesPath: path(
      "Where the log of messages is looked up, with {reference} in it",
      "/api/v2/messages?externalReference={reference}",
    ),
    changesPath: path(
      "Where the feed is read, with {after} and {limit} in it",
      "/api/v2/changes?after={after}&limit={limit}",
    ),
    reference: pointer("In a body sent: where our reference goes", "/externalReference"),
    messages: pointer("In the log's answer: the list of messages", "/messages"),
    entry: pointer("In a message of the log: its number", "/id"),
    content: pointer("In a message of the log: the body as it was sent", "/content"),
    document: pointer("In the answer to a write: the MES's own number of the order", "/workOrder/document"),
    receipt: pointer("In the answer to a write: the number of the message", "/message"),
    changes: pointer("In the feed's answer: the list of reports", "/changes"),
    head: pointer("In the feed's answer: the highest number there is", "/head"),
    sequence: pointer("In a report: its number in the feed", "/sequence"),
    id: pointer("In a report: its id, never given twice", "/id"),
    version: pointer("In a report: what grows with each report of one object", "/version"),
    workOrder: pointer("In a report: the work order", "/workOrder/number"),
    workCenter: pointer("In a report without a work order: the work centre", "/data/station"),
    code: pointer("In a refusal: the code", "/code"),
    message: pointer("In a refusal: the words", "/detail"),
    duplicateCode: word("The code that says that a reference is known", "duplicate-reference"),
    maintenanceCode: word("The code of a 503 that came before anything was done", "maintenance"),
  },
  {
    description: "Where things stand in this vendor's interface; absent: as in the first dialect",
    additionalProperties: false,
  },
);

/** The `config` of a system with this connector. */
export const config = Type.Object(
  {
    baseUrl: Type.String({
      description: "Where the MES is, such as https://mes.lyon.example.com",
      pattern: "^https?://",
      maxLength: 500,
    }),
    clientId: Type.String({ description: "Client id for the token endpoint", minLength: 1, maxLength: 200 }),
    clientSecret: Type.String({
      description: "Client secret for the token endpoint",
      minLength: 1,
      maxLength: 500,
      secret: true,
    }),
    webhookSecret: Type.Optional(
      Type.String({
        description: "Secret webhooks are signed with; without it no webhook is accepted",
        minLength: 16,
        maxLength: 200,
        secret: true,
      }),
    ),
    signature: Type.Optional(
      Type.Object(
        {
          kind: Type.Union([Type.Literal("standard"), Type.Literal("hmac-sha256")], {
            description: "standard: Standard Webhooks; hmac-sha256: hexadecimal, over timestamp.body",
          }),
          header: word("hmac-sha256: the header of the signature", "x-signature"),
          timestampHeader: word("hmac-sha256: the header of the time it was signed", "x-timestamp"),
        },
        { description: "How webhooks are signed; absent: Standard Webhooks", additionalProperties: false },
      ),
    ),
    dialect: Type.Optional(dialect),
    pageSize: Type.Optional(
      Type.Integer({ description: "Reports read in one poll", minimum: 1, maximum: 1000, default: 200 }),
    ),
    connections: Type.Optional(
      Type.Integer({ description: "Connections held open at most", minimum: 1, maximum: 64, default: 8 }),
    ),
  },
  { additionalProperties: false },
);

export type MesConfig = Static<typeof config>;
export type Dialect = Required<Static<typeof dialect>>;

/** The dialect with what was left out filled in. */
export function dialectOf({ dialect: given = {} }: MesConfig): Dialect {
  const standard = Object.entries(dialect.properties).map(([name, field]) => [
    name,
    (field as { default?: string }).default,
  ]);
  return { ...Object.fromEntries(standard), ...given } as Dialect;
}
