//! The twelve words of the rail: where each leads, by which key, and how it looks.

import {
  IconAddressBook,
  IconArrowsExchange,
  IconBriefcase,
  IconCalendarWeek,
  IconChartBar,
  IconContract,
  IconDatabase,
  IconFilter,
  IconScale,
  IconSettings,
  IconTargetArrow,
  IconTelescope,
} from "@tabler/icons-react";
import type { Messages } from "@/lib/i18n";

export interface Page {
  id: Exclude<keyof Messages["nav"], "open" | "close" | "main" | "skip">;
  path: string;
  /** After `g`. */
  key: string;
  icon: typeof IconFilter;
}

export const PAGES: readonly Page[] = [
  { id: "week", path: "/", key: "w", icon: IconCalendarWeek },
  { id: "funnel", path: "/funnel", key: "f", icon: IconFilter },
  { id: "handoffs", path: "/handoffs", key: "h", icon: IconArrowsExchange },
  { id: "deals", path: "/deals", key: "d", icon: IconBriefcase },
  { id: "forecast", path: "/forecast", key: "o", icon: IconTelescope },
  { id: "plan", path: "/plan", key: "p", icon: IconTargetArrow },
  { id: "accounts", path: "/accounts", key: "a", icon: IconAddressBook },
  { id: "credit", path: "/credit", key: "c", icon: IconScale },
  { id: "metrics", path: "/metrics", key: "m", icon: IconChartBar },
  { id: "charter", path: "/charter", key: "t", icon: IconContract },
  { id: "health", path: "/health", key: "q", icon: IconDatabase },
  { id: "settings", path: "/settings", key: "s", icon: IconSettings },
];
