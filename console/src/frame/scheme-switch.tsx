import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";

/** Light or dark; until it is touched, as the device has it. */
export function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const next = scheme === "light" ? "dark" : "light";
  const Icon = scheme === "light" ? IconMoon : IconSun;
  return (
    <Tooltip label={`Switch to ${next}`}>
      <ActionIcon aria-label={`Switch to ${next}`} onClick={() => setColorScheme(next)}>
        <Icon size={17} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
