import { defineCommand, type JsonOption, teach, withJson } from "../command.ts";
import { Failure } from "../failure.ts";
import type { SignInLink } from "../first-sign-in.ts";
import { connectHub, type HubOptions, withHub } from "../hub-client.ts";
import { printJson, printLine } from "../output.ts";

interface Options extends HubOptions, JsonOption {
  readonly account?: string;
  readonly role?: string;
  readonly reason: string;
}

export default defineCommand((program) => {
  const command = program
    .command("sign-in-link")
    .summary("make a link that signs somebody in once")
    .description(
      "Makes a link to the console that signs somebody in once, within half an hour: a new person, one who forgot the password, or somebody who wants to look around in a role. Whoever has the link is let in: hand it over as you would a password.",
    )
    .option("--account <id>", "whom it signs in")
    .option("--role <role>", "instead: the account that is called as the role is, made when it is not there")
    .option("--reason <text>", "why; kept in the ledger", "asked for at the command line")
    .action(async ({ account, role, reason, json, ...options }: Options) => {
      if ((account === undefined) === (role === undefined))
        throw new Failure("USAGE", "give either --account or --role");
      const hub = connectHub(options);
      const body = { reason, ...(account === undefined ? { role } : { account }) };
      const link = await hub.post<SignInLink>("/v1/sign-in-links", body);
      const url = `${hub.url}${link.path}`;
      if (json) return printJson({ account: link.account, url, expiresAt: link.expiresAt });
      printLine(url);
    });
  teach(withHub(withJson(command)), {
    examples: [
      ["sign-in-link --role admin", "the first administrator, or the last one who forgot the password"],
      ["sign-in-link --account anna.keller", "a colleague who has no password yet"],
    ],
    exit1: "the hub refused, or does not answer",
  });
});
