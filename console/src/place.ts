/*
 * Where the reader is stands in the address, whole: what was searched, filtered and opened can be sent to a colleague, and the
 * browser's back button undoes it.
 */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";

export type Search = Readonly<Record<string, string>>;

export interface Place {
  /** The values of `$name` in the page's path. */
  readonly params: Readonly<Record<string, string>>;
  /** What stands behind the question mark; every value is a text. */
  readonly search: Search;
  /** Sets some of it; undefined takes one away. `replace`: the back button skips what was before. */
  setSearch(change: Readonly<Record<string, string | undefined>>, options?: { replace?: boolean }): void;
}

export function usePlace(): Place {
  const params = useParams({ strict: false }) as Record<string, string>;
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  return {
    params,
    search,
    setSearch(change, { replace = false } = {}) {
      void navigate({
        to: ".",
        replace,
        search: ((before: Search) => withoutAbsent({ ...before, ...change })) as never,
      });
    },
  };
}

function withoutAbsent(values: Readonly<Record<string, string | undefined>>): Search {
  return Object.fromEntries(
    Object.entries(values).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "",
    ),
  );
}

/** Every value stays the text it was: the router's own form would make a number of an order's number. */
export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: object): string {
  const text = new URLSearchParams(withoutAbsent(search as Search)).toString();
  return text === "" ? "" : `?${text}`;
}
