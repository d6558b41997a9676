//! What was proposed, where each proposal stands, and what still waits for a signature.

import { useQuery } from "@tanstack/react-query";
import { type Draft, draftsQuery, hasSigned, isOpen, SIDES } from "@/api/charter";
import { useMay } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { Button } from "@/ui/field";
import { useHere } from "@/ui/here";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import css from "./page.module.css";
import { Signers } from "./signers";

export function Drafts() {
  const m = useMessages();
  const { go } = useHere();
  const mayPropose = useMay("propose");
  const query = useQuery(draftsQuery);
  const propose = mayPropose ? (
    <Button kind="main" onClick={() => go({ tab: "propose", of: "" })}>
      {m.charter.propose}
    </Button>
  ) : null;
  return (
    <>
      <Panel title={m.charter.drafts} means={m.charter.draftsMeans} actions={propose}>
        <Answered query={query} height={240}>
          {(drafts) => {
            if (drafts.length === 0) return <Empty title={m.charter.noDrafts} />;
            const [open, over] = [drafts.filter(isOpen), drafts.filter((one) => !isOpen(one))];
            return (
              <>
                <List of={open.reverse()} none={m.charter.noneOpen} />
                {over.length > 0 ? (
                  <>
                    <h3 className={css.over}>{m.charter.over}</h3>
                    <List of={over.reverse()} none="" />
                  </>
                ) : null}
              </>
            );
          }}
        </Answered>
      </Panel>
      <Signers />
    </>
  );
}

function List({ of, none }: { of: readonly Draft[]; none: string }) {
  const m = useMessages();
  const { go } = useHere();
  if (of.length === 0) return <p className={css.told}>{none}</p>;
  return (
    <ul className={css.drafts}>
      {of.map((draft) => (
        <li key={draft.seq}>
          <div>
            <button
              type="button"
              className={css.draft}
              onClick={() => go({ tab: "drafts", of: draft.name })}
            >
              {draft.name}
            </button>
            <p className={css.why}>{draft.why}</p>
            <p className={css.told}>
              {m.charter.proposedBy(draft.by)} · <Moment at={draft.at} />
              {draft.remarks > 0 ? ` · ${m.charter.remarks(draft.remarks)}` : null}
            </p>
          </div>
          <div className={css.marks}>
            <span className={css.standing}>
              {m.charter.standings[draft.standing] ?? draft.standing}
            </span>
            {isOpen(draft)
              ? SIDES.map((side) => (
                  <span key={side} className={css.mark} data-side={side}>
                    {hasSigned(draft, side)
                      ? m.charter.hasSigned(m.side[side])
                      : m.charter.awaits(m.side[side])}
                  </span>
                ))
              : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
