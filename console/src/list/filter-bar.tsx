import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";

import { usePlace } from "../place.ts";
import styles from "./filter-bar.module.css";
import { type ChoiceFilter, type Filter, type TextFilter, valueOf, writtenAs } from "./filter.ts";

const TYPING_MS = 250;

/** Search and filters above a list. All of it stands in the address; a change begins at the first page again. */
export function FilterBar({ filters, children }: { filters: readonly Filter[]; children?: ReactNode }) {
  const { search, setSearch } = usePlace();
  const narrowed = filters.some(({ name }) => search[name] !== undefined);
  const set = (filter: Filter, value: string | undefined) =>
    setSearch(
      { [filter.name]: writtenAs(filter, value), cursor: undefined, page: undefined },
      { replace: true },
    );
  const clear = () =>
    setSearch({
      ...Object.fromEntries(filters.map(({ name }) => [name, undefined])),
      cursor: undefined,
      page: undefined,
    });
  return (
    <div className={styles["bar"]} role="search">
      {filters.map((filter) =>
        filter.kind === "choice" ? (
          <Choice
            key={filter.name}
            filter={filter}
            value={valueOf(filter, search)}
            onChange={(value) => set(filter, value)}
          />
        ) : (
          <Text
            key={filter.name}
            filter={filter}
            value={search[filter.name] ?? ""}
            onChange={(value) => set(filter, value)}
          />
        ),
      )}
      {narrowed && (
        <Button variant="subtle" onClick={clear}>
          Clear
        </Button>
      )}
      {children && <div className={styles["end"]}>{children}</div>}
    </div>
  );
}

function Choice({
  filter: { label, options },
  value,
  onChange,
}: {
  filter: ChoiceFilter;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  return (
    <Select
      aria-label={label}
      placeholder={label}
      className={styles["choice"]!}
      data={options.map((option) => ({ ...option }))}
      value={value ?? null}
      clearable
      searchable={options.length > 8}
      checkIconPosition="right"
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

function Text({
  filter: { label, hint },
  value,
  onChange,
}: {
  filter: TextFilter;
  value: string;
  onChange: (value: string | undefined) => void;
}) {
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback((next: string) => onChange(next.trim() || undefined), TYPING_MS);
  // The back button, or "Clear".
  useEffect(() => setText(value), [value]);
  return (
    <TextInput
      aria-label={label}
      placeholder={hint ?? label}
      className={styles["text"]!}
      leftSection={<IconSearch size={14} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
