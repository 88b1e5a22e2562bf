import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one colour that says "you can act here". States have their own; see tokens.css. */
const COBALT: MantineColorsTuple = [
  "#eef3ff",
  "#dbe5fd",
  "#b5c8f9",
  "#8ca9f6",
  "#688ef2",
  "#4d79ef",
  "#2f62e6",
  "#1f4fd8",
  "#1943b8",
  "#10379a",
];

const SLATE: MantineColorsTuple = [
  "#dfe3ea",
  "#c3c9d4",
  "#9aa3b2",
  "#717b8c",
  "#4b5463",
  "#333b48",
  "#252b36",
  "#1a1f28",
  "#12161d",
  "#0b0e13",
];

const FONT = '"Inter Variable", system-ui, sans-serif';

export const THEME = createTheme({
  colors: { cobalt: COBALT, dark: SLATE },
  primaryColor: "cobalt",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  defaultRadius: "sm",
  radius: { sm: "6px" },
  fontFamily: FONT,
  fontFamilyMonospace: 'ui-monospace, "SFMono-Regular", "Cascadia Mono", Menlo, monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  headings: {
    fontFamily: FONT,
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.25rem", lineHeight: "1.3" },
      h2: { fontSize: "0.9375rem", lineHeight: "1.4" },
      h3: { fontSize: "0.8125rem", lineHeight: "1.4" },
    },
  },
  components: {
    Button: { defaultProps: { size: "xs" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    TextInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "xs" } },
    Tooltip: {
      defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    },
    Drawer: { defaultProps: { position: "right", size: "lg", closeButtonProps: { "aria-label": "Close" } } },
  },
});
