//! The table that stands in a part of a page, so that its files have the order and the columns of it.

import { createContext, useContext, useEffect } from "react";
import { keyOf, type Question } from "@/lib/address";

/** Of which question a table is, and by what name the address keeps its order. */
export interface Placed {
  key: string;
  name: string;
  /** Columns that the page itself leaves out, separated by commas. */
  without: string;
}

type Tell = (table: Placed, isThere: boolean) => void;

const TableContext = createContext<Tell>(() => {});
export const TableProvider = TableContext.Provider;

/** Tells the part of the page that this table stands in it, for as long as it does. */
export function useTable(question: Question, name: string, left: readonly string[]): void {
  const tell = useContext(TableContext);
  const key = keyOf(question);
  const without = left.join(",");
  useEffect(() => {
    const table = { key, name, without };
    tell(table, true);
    return () => tell(table, false);
  }, [tell, key, name, without]);
}
