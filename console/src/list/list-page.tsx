import { useQuery } from "@tanstack/react-query";
import { IconInbox } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { type Answer, ask, type Item, type ListPath } from "../api/query.ts";
import { PageHeader } from "../detail/page-header.tsx";
import { Panel } from "../detail/panel.tsx";
import { Fault } from "../notice/fault.tsx";
import { Loading } from "../notice/loading.tsx";
import { Notice } from "../notice/notice.tsx";
import { usePlace } from "../place.ts";
import type { Column } from "./column.ts";
import { DataTable, type Selection } from "./data-table.tsx";
import { askedOf, type Filter } from "./filter.ts";
import { FilterBar } from "./filter-bar.tsx";
import { Pager } from "./pager.tsx";

interface ListPageProps<Path extends ListPath> {
  title: string;
  /** One line below the title: what is listed, or a figure that is worth knowing. */
  intro?: ReactNode;
  filters: readonly Filter[];
  /** The list's address; filters, page and order go there as its query. */
  path: Path;
  columns: readonly Column<Item<Path>>[];
  keyOf: (row: Item<Path>) => string;
  to?: (row: Item<Path>) => string;
  /** What to say where there is nothing: with filters, and without. */
  empty: { readonly title: string; readonly text: string };
  /** To the right of the filters, or of the title where there are none: bulk actions, downloads. */
  tools?: ReactNode;
  selection?: Selection;
  /** Between title and table: counts, a track. */
  children?: ReactNode | ((answer: Answer<Path> | undefined) => ReactNode);
}

/** A list of anything: search, filters and page in the address, and every state it can be in. */
export function ListPage<Path extends ListPath>(props: ListPageProps<Path>) {
  const { title, intro, filters, path, columns, keyOf, to, empty, tools, selection, children } = props;
  const { search, setSearch } = usePlace();
  const { sort } = search;
  const asked = {
    ...askedOf(filters, search),
    ...(search["cursor"] !== undefined && { cursor: search["cursor"] }),
    ...(sort !== undefined && { sort }),
  };
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(
    ask(path, { params: { query: asked } } as never),
  );
  const answer = data as { items: readonly Item<Path>[]; next?: string | null } | undefined;
  const narrowed = filters.some(({ name }) => search[name] !== undefined);

  return (
    <>
      <PageHeader title={title} intro={intro} actions={filters.length === 0 && tools} />
      {typeof children === "function" ? children(data) : children}
      <Panel flush busy={isPlaceholderData}>
        {filters.length > 0 && <FilterBar filters={filters}>{tools}</FilterBar>}
        {isPending ? (
          <Loading />
        ) : error && !data ? (
          <Fault error={error} again={() => void refetch()} />
        ) : (
          <DataTable
            label={title}
            columns={columns}
            rows={answer?.items ?? []}
            keyOf={keyOf}
            {...(to && { to })}
            {...(selection && { selection })}
            sorting={{
              by: sort,
              sortBy: (next) => setSearch({ sort: next, cursor: undefined, page: undefined }),
            }}
            empty={
              <Notice icon={IconInbox} title={narrowed ? "Nothing matches these filters" : empty.title}>
                {narrowed ? "Clear a filter, or look for another number." : empty.text}
              </Notice>
            }
          />
        )}
        <Pager next={answer?.next ?? null} shown={answer?.items.length ?? 0} />
      </Panel>
    </>
  );
}
