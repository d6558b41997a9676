//! What waits for a signature: each open draft of the charter, and whose it lacks.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { draftsQuery, hasSigned, isOpen, SIDES } from "@/api/charter";
import { type Address, kept } from "@/lib/address";
import { useMessages } from "@/lib/i18n";
import { Panel } from "@/ui/panel";
import css from "./page.module.css";

export function Agreements() {
  const m = useMessages();
  const open = (useQuery(draftsQuery).data ?? []).filter(isOpen);
  // Nothing waits: the week has enough to say.
  if (open.length === 0) return null;
  return (
    <Panel title={m.week.agreements}>
      <ul className={css.agreements}>
        {open.flatMap((draft) =>
          SIDES.filter((side) => !hasSigned(draft, side)).map((side) => (
            <li key={draft.name + side}>
              <Link
                to="/charter"
                search={(now: Address) => ({ ...kept(now), tab: "drafts", of: draft.name })}
                className={css.draft}
              >
                {m.week.draftWaits(draft.name, m.side[side])}
              </Link>
            </li>
          )),
        )}
      </ul>
    </Panel>
  );
}
