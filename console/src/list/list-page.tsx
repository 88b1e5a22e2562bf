import { type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { IconInbox } from "@tabler/icons-react";
import type { ReactNode } from "react";

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

interface ListAnswer<Row> {
  readonly items: readonly Row[];
  /** Absent: the list has no pages. */
  readonly next?: string | null;
}

/** What a list is asked for: its filters, the page's `cursor`, and `sort`. Every value is a text. */
export type Asked = Readonly<Record<string, string>>;

interface ListPageProps<Row, Data extends ListAnswer<Row>> {
  title: string;
  /** One line below the title: what is listed, or a figure that is worth knowing. */
  intro?: ReactNode;
  filters: readonly Filter[];
  /** `(asked) => ask("/v1/cases", { params: { query: asked } })` */
  query: (asked: Asked) => UseQueryOptions<Data, Error, Data, never>;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  to?: (row: Row) => string;
  /** What to say where there is nothing: with filters, and without. */
  empty: { readonly title: string; readonly text: string };
  /** To the right of the filters: bulk actions, downloads. */
  tools?: ReactNode;
  selection?: Selection;
  /** Between title and table: counts, a track. */
  children?: ReactNode;
  sortUnlessTold?: string;
}

/** A list of anything: search, filters and page in the address, and every state it can be in. */
export function ListPage<Row, Data extends ListAnswer<Row>>(props: ListPageProps<Row, Data>) {
  const { title, intro, filters, query, columns, keyOf, to, empty, tools, selection, children } = props;
  const { search, setSearch } = usePlace();
  const sort = search["sort"] ?? props.sortUnlessTold;
  const asked = {
    ...askedOf(filters, search),
    ...(search["cursor"] !== undefined && { cursor: search["cursor"] }),
    ...(sort !== undefined && { sort }),
  };
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(query(asked));
  const narrowed = filters.some(({ name }) => search[name] !== undefined);

  return (
    <>
      <PageHeader title={title} intro={intro} />
      {children}
      <Panel flush busy={isPlaceholderData}>
        <FilterBar filters={filters}>{tools}</FilterBar>
        {isPending ? (
          <Loading />
        ) : error && !data ? (
          <Fault error={error} again={() => void refetch()} />
        ) : (
          <DataTable
            label={title}
            columns={columns}
            rows={data?.items ?? []}
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
        <Pager next={data?.next ?? null} shown={data?.items.length ?? 0} />
      </Panel>
    </>
  );
}
