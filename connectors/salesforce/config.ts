import { Type, type Static } from "typebox";

/** The `config` of a system with this connector. */
export const config = Type.Object(
  {
    baseUrl: Type.String({
      description: "The org's own address (My Domain), such as https://example.my.salesforce.com",
      pattern: "^https?://",
      maxLength: 500,
    }),
    clientId: Type.String({
      description: "Consumer key of the connected app",
      minLength: 1,
      maxLength: 300,
    }),
    clientSecret: Type.String({
      description: "Consumer secret of the connected app",
      minLength: 1,
      maxLength: 500,
      secret: true,
    }),
    apiVersion: Type.Optional(
      Type.String({
        description: "Version of the REST API",
        pattern: "^[0-9]{2}\\.0$",
        default: "66.0",
      }),
    ),
    pageSize: Type.Optional(
      Type.Integer({ description: "Rows read in one poll", minimum: 1, maximum: 2000, default: 500 }),
    ),
    overlapMs: Type.Optional(
      Type.Integer({
        description:
          "How far back each poll reads again, for rows that are committed later than their stamp says",
        minimum: 1000,
        maximum: 86_400_000,
        default: 300_000,
      }),
    ),
    readFrom: Type.Optional(
      Type.String({
        description:
          "What was changed before this time is not read by the first poll, such as 2026-03-01T00:00:00Z",
        pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
      }),
    ),
    connections: Type.Optional(
      Type.Integer({ description: "Connections held open at most", minimum: 1, maximum: 64, default: 8 }),
    ),
  },
  { additionalProperties: false },
);

export type SalesforceConfig = Static<typeof config>;
