import { Combobox, Kbd, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";

import { useFindings } from "./findings.ts";
import styles from "./search-box.module.css";

/**
 * One box for everything that has a number or a name. Any number anyone has leads to its order or its story; a word leads to a
 * page. `/` jumps here from everywhere.
 */
export function SearchBox() {
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 200);
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const findings = useFindings(asked);

  useHotkeys([
    [
      "/",
      () => {
        input.current?.focus();
        input.current?.select();
      },
    ],
  ]);

  const go = (to: string) => {
    combobox.closeDropdown();
    setText("");
    input.current?.blur();
    void navigate({ to });
  };

  return (
    <Combobox store={combobox} onOptionSubmit={go} withinPortal>
      <Combobox.Target>
        <TextInput
          ref={input}
          className={styles["box"]!}
          aria-label="Find an order, any number, or a page"
          placeholder="Order, lot, work order, customer's number, page …"
          value={text}
          leftSection={<IconSearch size={15} />}
          rightSection={<Kbd size="xs">/</Kbd>}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => text !== "" && combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === "Escape") input.current?.blur();
            if (event.key === "ArrowDown" && combobox.getSelectedOptionIndex() < 0)
              combobox.selectFirstOption();
            // Enter without a choice takes the first finding.
            if (event.key === "Enter" && combobox.getSelectedOptionIndex() < 0 && findings[0])
              go(findings[0].to);
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={text === ""}>
        <Combobox.Options mah={360} className={styles["options"]!}>
          {findings.map(({ to, title, about, icon: Icon }) => (
            <Combobox.Option value={to} key={to}>
              <span className={styles["option"]}>
                <Icon size={16} stroke={1.7} />
                <span>{title}</span>
                <span className={styles["about"]}>{about}</span>
              </span>
            </Combobox.Option>
          ))}
          {findings.length === 0 && <Combobox.Empty>Looking …</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
