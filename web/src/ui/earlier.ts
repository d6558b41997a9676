//! The figures of the period compared with, for parts of a page that show them beside their own; and
//! the words of those that do not.

import { useAsk } from "@/api/queries";
import type { Question } from "@/lib/address";
import { type Rows, rowsOf } from "@/lib/answer";
import { useMessages } from "@/lib/i18n";
import { useHere, useWhen } from "./here";

/** The same question of the period compared with, answered; nothing where nothing is compared. */
export function useEarlier(of: (period: string) => Question | null): Rows | undefined {
  const when = useWhen();
  const query = useAsk(when.isKnown && when.before ? of(when.before) : null);
  return when.before ? rowsOf(query.data) : undefined;
}

/** What a part says of itself, and that it is not compared where the page is. */
export function useUncompared(): (means: string | undefined) => string | undefined {
  const m = useMessages();
  const { address } = useHere();
  return (means) =>
    address.compare ? [means, m.besides.uncompared].filter(Boolean).join(" · ") : means;
}
