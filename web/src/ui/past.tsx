//! What is said where a page is of another moment or charter than what stands on it.

import { useMessages } from "@/lib/i18n";
import css from "./credit-book.module.css";
import { useHere } from "./here";

/** A deal's story is told as it is known now. */
export function Past() {
  const m = useMessages();
  const { address } = useHere();
  return address["as-of"] || address.charter ? (
    <p className={css.past} role="note">
      {m.book.now}
    </p>
  ) : null;
}
