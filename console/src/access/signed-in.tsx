import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";

import { Fault } from "../notice/fault.tsx";
import { Loading } from "../notice/loading.tsx";
import { SESSION } from "./session.ts";

const SignIn = lazy(async () => ({ default: (await import("./sign-in.tsx")).SignIn }));

/** The console behind the door: whoever is not signed in sees the door, on whatever page they came to. */
export function SignedIn({ children }: { children: ReactNode }) {
  const { data: session, error, isPending, refetch } = useQuery(SESSION);
  if (error) return <Fault error={error} again={() => void refetch()} />;
  if (isPending) return <Loading />;
  return <Suspense fallback={<Loading />}>{session === null ? <SignIn /> : children}</Suspense>;
}
