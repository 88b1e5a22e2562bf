import { Type, type Static } from "typebox";

/** The `config` of a system with this connector. */
export const config = Type.Object(
  {
    baseUrl: Type.String({
      description: "The environment's address, such as https://contoso.operations.dynamics.com",
      pattern: "^https?://",
      maxLength: 500,
    }),
    loginUrl: Type.Optional(
      Type.String({
        description: "Where tokens are issued",
        pattern: "^https?://",
        maxLength: 500,
        default: "https://login.microsoftonline.com",
      }),
    ),
    tenant: Type.String({
      description: "Entra tenant: its id or its domain",
      pattern: "^[A-Za-z0-9.-]{1,100}$",
    }),
    clientId: Type.String({ description: "Application (client) id", minLength: 1, maxLength: 200 }),
    clientSecret: Type.String({
      description: "Client secret of the application",
      minLength: 1,
      maxLength: 500,
      secret: true,
    }),
    legalEntity: Type.String({
      description: "The company in the ERP (dataAreaId), such as usmf: one system for each",
      pattern: "^[A-Za-z0-9]{1,4}$",
    }),
    messageLog: Type.Optional(
      Type.Boolean({
        description:
          "Whether the extension that shows the message queue is installed; without it what happened to a message is told from journals before and after",
        default: true,
      }),
    ),
    journalNames: Type.Optional(
      Type.Object(
        {
          routeCard: Type.Optional(Type.String({ minLength: 1, maxLength: 10 })),
          pickingList: Type.Optional(Type.String({ minLength: 1, maxLength: 10 })),
          reportAsFinished: Type.Optional(Type.String({ minLength: 1, maxLength: 10 })),
        },
        {
          description:
            "Production journal names that nobody but Interlock posts with; absent: the ERP's defaults",
          additionalProperties: false,
        },
      ),
    ),
    pageSize: Type.Optional(
      Type.Integer({
        description: "Business events read in one poll",
        minimum: 1,
        maximum: 1000,
        default: 200,
      }),
    ),
    overlapMs: Type.Optional(
      Type.Integer({
        description:
          "How far back each poll looks again, for events that are committed later than their numbers say",
        minimum: 1000,
        maximum: 3_600_000,
        default: 300_000,
      }),
    ),
    connections: Type.Optional(
      Type.Integer({ description: "Connections held open at most", minimum: 1, maximum: 52, default: 8 }),
    ),
  },
  { additionalProperties: false },
);

export type DynamicsConfig = Static<typeof config>;
