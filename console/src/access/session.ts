import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";

import { client, rememberCsrfToken } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import type { Answer } from "../api/query.ts";
import type { Permission } from "../page.ts";

export type Session = Answer<"/v1/session">;

/** Who is signed in; null when nobody is. */
export const SESSION = queryOptions({
  queryKey: ["/v1/session"] as const,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const { data } = await client.GET("/v1/session", { signal });
      rememberCsrfToken(data?.csrfToken);
      return data ?? null;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
  refetchInterval: 60_000,
  retry: (_count, error) => error instanceof ApiProblem && error.passing,
});

/** Inside of the frame somebody is always signed in. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(SESSION);
  if (data === null) throw new TypeError("nobody is signed in");
  return data;
}

/** Null: allowed. Otherwise why not, as the API would say it. */
export function usePermission(permission: Permission): string | null {
  const { permissions, roles } = useSession();
  if (permissions.includes(permission)) return null;
  const titles = roles.map(({ title }) => title).join(", ");
  return `${titles === "" ? "Your account has no role: it" : `Your role (${titles})`} does not include “${permission}”. Ask an administrator, or a colleague who may.`;
}
