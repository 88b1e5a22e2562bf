import { Button } from "@mantine/core";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";

import { usePlace } from "../place.ts";
import styles from "./pager.module.css";

/**
 * From page to page of a list that is read by cursor. Each page is a step in the browser's history: the way back is the way
 * one came, and after a link from elsewhere it is the first page.
 */
export function Pager({ next, shown }: { next: string | null; shown: number }) {
  const { search, setSearch } = usePlace();
  const { history } = useRouter();
  const page = Number(search["page"] ?? 1);
  const first = search["cursor"] === undefined;
  if (first && next === null) return null;
  return (
    <nav className={styles["pager"]} aria-label="Pages of the list">
      <span>
        Page {page}, {shown} rows
      </span>
      {!first && (
        <Button
          variant="default"
          leftSection={<IconArrowLeft size={14} />}
          onClick={() => (page > 1 ? history.back() : setSearch({ cursor: undefined, page: undefined }))}
        >
          Previous
        </Button>
      )}
      {page > 2 && (
        <Button variant="subtle" onClick={() => setSearch({ cursor: undefined, page: undefined })}>
          First
        </Button>
      )}
      <Button
        variant="default"
        disabled={next === null}
        rightSection={<IconArrowRight size={14} />}
        onClick={() => setSearch({ cursor: next ?? undefined, page: String(page + 1) })}
      >
        Next
      </Button>
    </nav>
  );
}
