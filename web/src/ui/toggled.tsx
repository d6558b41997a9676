//! A chart or the same figures as a table. Which of them is shown stands in the address.

import { IconChartBar, IconTable } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useMessages } from "@/lib/i18n";
import { useHere } from "./here";
import css from "./toggled.module.css";

interface Toggled {
  isTable: boolean;
  /** Goes to the actions of the part of the page. */
  button: ReactNode;
}

export function useToggled(name: string): Toggled {
  const m = useMessages();
  const { address, go } = useHere();
  const tables = (address.table ?? "").split(",").filter(Boolean);
  const isTable = tables.includes(name);
  const next = isTable ? tables.filter((one) => one !== name) : [...tables, name];
  const said = isTable ? m.table.showChart : m.table.showTable;
  const Icon = isTable ? IconChartBar : IconTable;
  const button = (
    <button
      type="button"
      className={css.button}
      aria-label={said}
      data-tip={said}
      onClick={() => go({ table: next.join(",") }, { replace: true })}
    >
      <Icon size={16} stroke={1.6} aria-hidden="true" />
    </button>
  );
  return { isTable, button };
}
