import { type Static, Type } from "typebox";
import { ROLES } from "../authority/role.ts";
import { CASE_OWNERS } from "../process/contract.ts";
import { WEEKDAYS } from "../process/calendar.ts";
import { ACCESS_SCHEMA } from "./access.ts";
import { DURATION } from "./duration.ts";

const closed = { additionalProperties: false };
const NAME = "^[a-z][a-z0-9-]{0,39}$";
const POINTER = "^(/[^/]{1,80}){1,10}$";

function named<Item extends Parameters<typeof Type.Record>[1]>(item: Item, description: string) {
  return Type.Record(Type.String({ pattern: NAME }), item, { description, maxProperties: 500, ...closed });
}

function oneOf<const Values extends readonly string[]>(values: Values, description: string) {
  return Type.Enum(values as unknown as string[], { description });
}

const shift = Type.Object(
  {
    days: Type.Array(oneOf(WEEKDAYS, "Day on which the shift begins."), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
    }),
    from: Type.String({
      description: "Local time of its start.",
      pattern: "^[0-2][0-9]:[0-5][0-9]$",
      maxLength: 5,
    }),
    to: Type.String({
      description: "Local time of its end; at or before the start it is on the next day.",
      pattern: "^[0-2][0-9]:[0-5][0-9]$",
      maxLength: 5,
    }),
  },
  closed,
);

const plant = Type.Object(
  {
    name: Type.Optional(Type.String({ description: "Name for people.", minLength: 1, maxLength: 120 })),
    timezone: Type.String({
      description: "IANA time zone, such as Europe/Paris.",
      minLength: 1,
      maxLength: 60,
    }),
    calendar: Type.Optional(
      Type.Object(
        {
          shifts: Type.Array(shift, { minItems: 1, maxItems: 50 }),
          holidays: Type.Optional(
            Type.Array(
              Type.String({
                description: "A day on which no shift begins: 2026-12-25",
                format: "date",
                maxLength: 10,
              }),
              { maxItems: 1000 },
            ),
          ),
        },
        {
          description: "Working time: clocks of cases and timers run on it. Without it every hour counts.",
          ...closed,
        },
      ),
    ),
  },
  closed,
);

const stream = Type.Object(
  {
    id: Type.String({
      description: "JSON pointer to the message's own id.",
      pattern: POINTER,
      maxLength: 400,
    }),
    object: Type.Object(
      {
        kind: Type.String({
          description: "Kind of object a message is about: salesOrder",
          pattern: "^[a-z][A-Za-z0-9]*$",
          maxLength: 60,
        }),
        id: Type.String({ description: "JSON pointer to its id.", pattern: POINTER, maxLength: 400 }),
      },
      { description: "A message that cannot be admitted holds later ones of the same object.", ...closed },
    ),
    version: Type.Optional(
      Type.String({
        description: "JSON pointer to a number that grows per object.",
        pattern: POINTER,
        maxLength: 400,
      }),
    ),
  },
  { description: "Native JSON messages that mappings/<system>/<stream>.jsonata translates.", ...closed },
);

const pace = Type.Object(
  {
    concurrency: Type.Optional(
      Type.Integer({ description: "Calls under way at once; 32 unless told.", minimum: 1, maximum: 1_000 }),
    ),
    requestsPerSecond: Type.Optional(
      Type.Number({
        description: "Calls begun per second; no limit unless told.",
        exclusiveMinimum: 0,
        maximum: 100_000,
      }),
    ),
    callWithin: Type.Optional(
      Type.String({
        description: "Longest time one call may take; 10s unless told.",
        pattern: DURATION,
        maxLength: 7,
      }),
    ),
    sendWithin: Type.Optional(
      Type.String({
        description:
          "How long after it was chosen an effect may still be sent; 5s unless told. An answer that was lost is asked for after both have passed.",
        pattern: DURATION,
        maxLength: 7,
      }),
    ),
    settleWithin: Type.Optional(
      Type.String({
        description:
          "How long a write whose answer was lost may still be at work in the system, before a look that does not find it counts; what the connector says of each effect unless told.",
        pattern: DURATION,
        maxLength: 7,
      }),
    ),
    pollEvery: Type.Optional(
      Type.String({
        description: "How often the streams that are polled are read; what the connector says unless told.",
        pattern: DURATION,
        maxLength: 7,
      }),
    ),
    unreachableAfter: Type.Optional(
      Type.String({
        description:
          "How long the streams of a plant's system may fail before the plant counts as cut off; 5m unless told.",
        pattern: DURATION,
        maxLength: 7,
      }),
    ),
  },
  { description: "How the system is treated when effects are sent to it and streams are read.", ...closed },
);

const system = Type.Object(
  {
    role: oneOf(ROLES, "What the system is for: decides what it may say."),
    connector: Type.Optional(
      Type.String({
        description:
          "Product folder of its connector. Without one the system pushes events and receives nothing.",
        pattern: NAME,
        maxLength: 40,
      }),
    ),
    plant: Type.Optional(
      Type.String({ description: "The plant it stands in.", pattern: NAME, maxLength: 40 }),
    ),
    config: Type.Optional(
      Type.Object(
        {},
        {
          description: "What the connector needs; its README explains each field.",
          additionalProperties: true,
        },
      ),
    ),
    pace: Type.Optional(pace),
    streams: Type.Optional(
      named(stream, "Native JSON streams the system pushes, beside those its connector declares."),
    ),
    locations: Type.Optional(
      Type.Array(Type.String({ description: "A class of location.", pattern: NAME, maxLength: 40 }), {
        description:
          "Classes of location whose stock this system counts, such as finished-goods: each class has one owner.",
        maxItems: 100,
        uniqueItems: true,
      }),
    ),
  },
  closed,
);

const owner = Type.Object(
  {
    name: Type.Optional(Type.String({ description: "Name of the team.", minLength: 1, maxLength: 120 })),
    email: Type.Optional(
      Type.String({ description: "Where the team is reached.", format: "email", maxLength: 254 }),
    ),
    settleWithin: Type.Optional(
      Type.String({
        description: "How soon its cases should be settled: 4h, 2d",
        pattern: DURATION,
        maxLength: 7,
      }),
    ),
  },
  closed,
);

const mark = (description: string) =>
  Type.Object(
    {
      event: Type.String({ description: "An event.", pattern: "^[A-Z][A-Za-z0-9]{2,59}$", maxLength: 60 }),
      by: Type.Array(
        Type.String({ description: "A field.", pattern: "^[a-z][A-Za-z0-9]{0,59}$", maxLength: 60 }),
        {
          description:
            "Fields of its data that say which one it is about, such as [salesOrder]; their values are the same at both ends of the hop.",
          minItems: 1,
          maxItems: 4,
        },
      ),
    },
    { description, ...closed },
  );

const serviceLevel = Type.Object(
  {
    from: mark("The event the hop begins with."),
    to: mark("The event it ends with."),
    unless: Type.Optional(
      Type.Array(mark("An event after which the end is not awaited any more: the order was cancelled."), {
        maxItems: 10,
      }),
    ),
    repeats: Type.Optional(
      Type.Boolean({
        description:
          "It begins again and again, as with each report of an operation: the wait counts from the first that nothing followed.",
      }),
    ),
    within: Type.String({
      description: "How long it may take, of the plant's working time where it begins in a plant: 15m, 2d",
      pattern: DURATION,
      maxLength: 7,
    }),
    owner: oneOf(CASE_OWNERS, "Whose case it is when it takes longer."),
  },
  closed,
);

/** interlock.yaml. The same schema validates, explains itself in editors (docs/interlock.schema.json) and types the code. */
export const CONFIG_SCHEMA = Type.Object(
  {
    name: Type.String({ description: "Name of this integration, for people.", minLength: 1, maxLength: 120 }),
    revision: Type.Optional(
      Type.Integer({
        description: "Grows by one with every change: a hub that runs with an older one stands back.",
        minimum: 1,
        maximum: 1_000_000_000,
        default: 1,
      }),
    ),
    takeOverAfter: Type.Optional(
      Type.String({
        description:
          "How long a hub may be silent before what it works on is taken over by another, or by itself after it died; 15s unless told. Too short, and a busy machine loses its work to itself.",
        pattern: DURATION,
        maxLength: 7,
      }),
    ),
    plants: Type.Optional(named(plant, "The plants, by id.")),
    systems: named(system, "The systems, by id."),
    owners: Type.Optional(
      Type.Object(Object.fromEntries(CASE_OWNERS.map((id) => [id, Type.Optional(owner)])), {
        description: "The teams that own cases.",
        ...closed,
      }),
    ),
    serviceLevels: Type.Optional(
      named(
        serviceLevel,
        "How long each hop on the way of an order may take, by the hop's name. One that takes longer is a case of its owner.",
      ),
    ),
    authority: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[A-Z][A-Za-z0-9]{2,59}$" }),
        Type.Array(Type.String({ description: "A role or a system id.", pattern: NAME, maxLength: 40 }), {
          minItems: 1,
          maxItems: 100,
        }),
        {
          description: "Who may send an event, in place of the default owners.",
          maxProperties: 500,
          ...closed,
        },
      ),
    ),
    recordOnly: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[A-Z][A-Za-z0-9]{2,59}$" }),
        Type.String({ description: "Why nothing follows from it.", minLength: 3, maxLength: 300 }),
        {
          description: "Events that are kept though no process reads them, each with the reason.",
          maxProperties: 500,
          ...closed,
        },
      ),
    ),
    access: Type.Optional(ACCESS_SCHEMA),
    processes: Type.Optional(
      Type.Array(Type.String({ description: "Folder name of a process.", pattern: NAME, maxLength: 40 }), {
        description: "The processes that run; without this all that are found.",
        maxItems: 100,
        uniqueItems: true,
      }),
    ),
  },
  {
    title: "interlock.yaml",
    description: "An Interlock project: plants, systems, case owners, authority.",
    ...closed,
  },
);

export type ConfigFile = Static<typeof CONFIG_SCHEMA>;
export type StreamConfig = Static<typeof stream>;
