import { Alert, Button, PasswordInput, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";

import { client, rememberCsrfToken } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import { ask, queryClient } from "../api/query.ts";
import { Mark } from "../frame/mark.tsx";
import { SESSION } from "./session.ts";
import styles from "./sign-in.module.css";

type Credentials = { account: string; password: string } | { link: string };

/** The door: a password, the company's own sign-in, or a one-time link that somebody was given. */
export function SignIn() {
  const ways = useQuery(ask("/v1/sign-in", undefined, { fresh: "once" }));
  const signIn = useMutation({
    mutationFn: async (body: Credentials) => (await client.POST("/v1/session", { body })).data,
    onSuccess: (session) => {
      rememberCsrfToken(session?.csrfToken);
      queryClient.setQueryData(SESSION.queryKey, session ?? null);
    },
  });
  useLink((link) => signIn.mutate({ link }));
  const provider = ways.data?.provider;

  return (
    <main className={styles["page"]}>
      <div className={styles["card"]}>
        <div className={styles["head"]}>
          <Mark size={32} />
          <h1 className={styles["title"]}>Sign in to Interlock</h1>
        </div>
        {provider && (
          <Button component="a" size="sm" fullWidth href={providerAddress(provider.url)}>
            {provider.label}
          </Button>
        )}
        {provider && ways.data?.passwords && <p className={styles["or"]}>or with an account of this hub</p>}
        {ways.data?.passwords && (
          <PasswordForm
            primary={!provider}
            busy={signIn.isPending}
            submit={(credentials) => signIn.mutate(credentials)}
          />
        )}
        <Trouble error={signIn.error ?? ways.error} />
        <p className={styles["hint"]}>
          No account yet? An administrator makes one, or a link that signs you in once.
        </p>
      </div>
    </main>
  );
}

function PasswordForm({
  primary,
  busy,
  submit,
}: {
  primary: boolean;
  busy: boolean;
  submit: (credentials: { account: string; password: string }) => void;
}) {
  const [account, setAccount] = useState("");
  const [password, setPassword] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit({ account: account.trim(), password });
  };
  return (
    <form className={styles["form"]} onSubmit={send}>
      <TextInput
        label="Account"
        size="sm"
        autoComplete="username"
        autoFocus
        required
        value={account}
        onChange={(event) => setAccount(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        size="sm"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" size="sm" variant={primary ? "filled" : "default"} loading={busy}>
        Sign in
      </Button>
    </form>
  );
}

function Trouble({ error }: { error: Error | null }) {
  const [code] = useState(() => new URLSearchParams(window.location.search).get("signInProblem"));
  if (error === null && code === null) return null;
  const problem = error instanceof ApiProblem ? error : undefined;
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle size={16} />}
      title={problem?.title ?? "You were not signed in"}
    >
      <p>{error?.message ?? `The company's sign-in ended with ${code}.`}</p>
      {problem?.remedy && <p>{problem.remedy}</p>}
    </Alert>
  );
}

/** `#link=...` signs in at once. It is good for one time only: out of the address with it, and never twice. */
function useLink(use: (link: string) => void): void {
  const used = useRef(false);
  useEffect(() => {
    const link = new URLSearchParams(window.location.hash.slice(1)).get("link");
    if (link === null || used.current) return;
    used.current = true;
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    use(link);
  });
}

function providerAddress(url: string): string {
  const returnTo = window.location.pathname + window.location.search;
  return `${url}?${new URLSearchParams({ returnTo })}`;
}
