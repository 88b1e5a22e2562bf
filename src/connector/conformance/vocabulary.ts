/** One word per idea in every connector's config: whoever has configured one system can configure the next. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  baseUrl: [
    "url",
    "uri",
    "baseUri",
    "endpoint",
    "host",
    "hostname",
    "server",
    "address",
    "instanceUrl",
    "serviceUrl",
  ],
  pageSize: ["limit", "pageLimit", "batchSize", "fetchSize", "chunkSize", "maxRecords", "top"],
  rateLimit: ["throttle", "requestsPerSecond", "maxRate", "quota"],
  connections: ["poolSize", "maxConnections", "maxSockets", "parallelism", "concurrency"],
  clientId: ["appId", "applicationId", "consumerKey", "oauthClientId"],
  clientSecret: ["appSecret", "consumerSecret", "oauthClientSecret"],
  username: ["user", "userName", "login", "account"],
  password: ["pass", "passwd", "pwd"],
  apiKey: ["key", "accessKey", "subscriptionKey"],
  webhookSecret: ["signingSecret", "signatureKey", "hmacKey", "webhookKey"],
  tenant: ["tenantId", "org", "organization", "companyId"],
};

/** Names that say that their value must not be seen. */
const SECRET = /secret|password|token$|apiKey$|privateKey$/i;
/** A length of time without its unit, or in another than the rest. */
const TIME = /(timeout|interval|delay|wait|age|duration)$|(Seconds|Secs|Minutes|Hours)$/i;

export type ConfigField = {
  readonly name: string;
  readonly description?: unknown;
  readonly secret?: unknown;
};

/** What is wrong with the fields of a connector's config; empty: nothing. */
export function vocabularyProblems(fields: readonly ConfigField[]): string[] {
  return fields.flatMap(({ name, description, secret }) => {
    const word = Object.keys(WORDS).find((key) =>
      WORDS[key]!.some((synonym) => synonym.toLowerCase() === name.toLowerCase()),
    );
    return [
      ...(word === undefined ? [] : [`${name}: the word for this is ${word}`]),
      ...(/^[a-z][a-zA-Z0-9]*$/.test(name) ? [] : [`${name}: names are in camelCase`]),
      ...(TIME.test(name) ? [`${name}: times are in milliseconds and end in Ms`] : []),
      ...(SECRET.test(name) && secret !== true ? [`${name}: is a secret, mark it with secret: true`] : []),
      ...(typeof description === "string" && description.length >= 10
        ? []
        : [`${name}: needs a description of one line`]),
    ];
  });
}
