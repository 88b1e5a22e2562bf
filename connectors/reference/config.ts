import { Type, type Static } from "typebox";

/** The `config` of a system with this connector. */
export const config = Type.Object(
  {
    baseUrl: Type.String({
      description: "Where the system API is, such as https://orders.example.com",
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
        description: "Standard Webhooks secret, whsec_ and base64; without it no webhook is accepted",
        pattern: "^whsec_[A-Za-z0-9+/=]{32,}$",
        maxLength: 200,
        secret: true,
      }),
    ),
    pageSize: Type.Optional(
      Type.Integer({
        description: "Changes read in one poll",
        minimum: 1,
        maximum: 1000,
        default: 200,
      }),
    ),
    connections: Type.Optional(
      Type.Integer({ description: "Connections held open at most", minimum: 1, maximum: 64, default: 16 }),
    ),
  },
  { additionalProperties: false },
);

export type ReferenceConfig = Static<typeof config>;
