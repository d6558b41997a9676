//! Mantine in our colours. What its components draw comes from `tokens.css`, in light and dark.

import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Menu,
  Modal,
  Popover,
} from "@mantine/core";

const ink: MantineColorsTuple = [
  "#f3f3f1",
  "#e4e4e1",
  "#c9cac9",
  "#acaeb0",
  "#8f9296",
  "#73767b",
  "#55585d",
  "#3d4045",
  "#26282b",
  "#17181a",
];

/** Ink on paper and paper on ink, whichever the look is. */
const INKED = {
  "--button-bg": "var(--ink)",
  "--button-hover": "var(--ink-2)",
  "--button-color": "var(--paper)",
};

export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  primaryColor: "ink",
  primaryShade: { light: 9, dark: 0 },
  autoContrast: true,
  colors: { ink },
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  components: {
    Button: Button.extend({
      defaultProps: { size: "xs", fw: 550 },
      vars: (_, { variant }) =>
        variant === undefined || variant === "filled" ? { root: INKED } : { root: {} },
    }),
    Menu: Menu.extend({
      defaultProps: { shadow: "md", withinPortal: true, position: "bottom-end" },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: "md", withinPortal: true } }),
    // Their own way of holding the page writes style elements, which our policy for styles refuses.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true } }),
  },
});

const shared = {
  "--mantine-color-body": "var(--sheet)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-3)",
  "--mantine-color-placeholder": "var(--ink-3)",
  "--mantine-color-default": "var(--sheet)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-error": "var(--alert)",
};

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: shared,
});

/** The nonce with which this answer of the server lets style elements in; none in development. */
export function styleNonce(): string {
  const said = document.querySelector('meta[name="style-nonce"]')?.getAttribute("content") ?? "";
  return said === "__NONCE__" ? "" : said;
}
