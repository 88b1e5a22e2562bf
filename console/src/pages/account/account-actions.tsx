import { useState } from "react";

import { missingOf, type Rights, RightsFields, rightsOf } from "../../account/rights.tsx";
import { SecretShownOnce } from "../../account/secret-shown-once.tsx";
import { ActionButton } from "../../action/action-button.tsx";
import { client } from "../../api/client.ts";
import type { AccountAnswer } from "./answer.ts";

/** Change what an account may, let it in by a link, or keep it out. */
export function AccountActions({ of }: { of: AccountAnswer }) {
  const { id, kind, name, roles, plants, system, version, disabledAt, lockedUntil, sessions, issuer } = of;
  const [link, setLink] = useState<string>();
  const params = { path: { id } };
  const act = (action: "disable" | "enable" | "unlock" | "sign-out", reason: string) =>
    client.POST("/v1/accounts/{id}/actions", { params, body: { action, reason } });
  const common = { permission: "account.admin" } as const;
  return (
    <>
      {kind === "person" && (
        <ActionButton
          {...common}
          label="Make a sign-in link"
          refusal={
            disabledAt !== null ? "It is disabled." : issuer !== null ? `${issuer} signs it in.` : null
          }
          title={`A link that signs ${name} in`}
          consequence="It works once and for a short time. Whoever has it is signed in: give it to nobody else."
          submit="Make it"
          run={async ({ reason }) => {
            const { data } = await client.POST("/v1/sign-in-links", { body: { account: id, reason } });
            setLink(new URL(data!.path, window.location.origin).href);
          }}
          done="It is made."
        />
      )}
      <ActionButton<Rights>
        {...common}
        label="Change rights"
        title={`What ${name} may`}
        consequence="It holds from the next request on. What a provider vouches for is said again at the next sign-in."
        initial={{ kind, name, roles: roles as Rights["roles"], plants: plants ?? [], system }}
        fields={(values, set) => <RightsFields values={values} set={set} />}
        missing={missingOf}
        submit="Change"
        run={({ reason, ...rights }) =>
          client.PUT("/v1/accounts/{id}/rights", { params, body: { version, reason, ...rightsOf(rights) } })
        }
        done="It is changed."
      />
      {lockedUntil !== null && (
        <ActionButton
          {...common}
          label="Unlock"
          title={`Unlock ${name}`}
          consequence="It may try its password again at once."
          submit="Unlock"
          run={({ reason }) => act("unlock", reason)}
          done="It is unlocked."
        />
      )}
      <ActionButton
        {...common}
        label="Sign out"
        refusal={sessions.length === 0 ? "It is signed in nowhere." : null}
        title={`Sign ${name} out everywhere`}
        consequence="Its sessions end now; its tokens stay."
        submit="Sign out"
        run={({ reason }) => act("sign-out", reason)}
        done="It is signed out."
      />
      {disabledAt === null ? (
        <ActionButton
          {...common}
          label="Disable"
          weight="grave"
          title={`Disable ${name}`}
          consequence="It can do nothing any more: its sessions end and its tokens are refused."
          submit="Disable"
          run={({ reason }) => act("disable", reason)}
          done="It is disabled."
        />
      ) : (
        <ActionButton
          {...common}
          label="Enable"
          title={`Enable ${name}`}
          consequence="It may again what its roles say."
          submit="Enable"
          run={({ reason }) => act("enable", reason)}
          done="It is enabled."
        />
      )}
      {link !== undefined && (
        <SecretShownOnce
          title="The sign-in link"
          secret={link}
          words={`It signs ${name} in, once.`}
          close={() => setLink(undefined)}
        />
      )}
    </>
  );
}
