//! The story of the book's charters: newest first, what happened and what it changed.

import { useQuery } from "@tanstack/react-query";
import { logQuery } from "@/api/charter";
import { useMessages } from "@/lib/i18n";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import css from "./page.module.css";

/** Lines of an event that are shown before somebody asks for all. */
const FEW = 3;

export function Log() {
  const m = useMessages();
  const query = useQuery(logQuery);
  return (
    <Panel title={m.charter.log} means={m.charter.logMeans}>
      <Answered query={query} height={420}>
        {(events) =>
          events.length === 0 ? (
            <Empty title={m.charter.noLog} />
          ) : (
            <ol className={css.log}>
              {[...events].reverse().map((event, at) => (
                <li key={at}>
                  <div className={css.told}>
                    <Moment at={event.at} />
                    {event.seq ? <span>{m.basis.asOf(String(event.seq))}</span> : null}
                  </div>
                  <div>
                    <p className={css.words}>{event.what}</p>
                    <More of={event.more} />
                  </div>
                </li>
              ))}
            </ol>
          )
        }
      </Answered>
    </Panel>
  );
}

function More({ of }: { of: readonly string[] }) {
  const m = useMessages();
  const list = (lines: readonly string[]) => (
    <ul className={css.codes}>
      {lines.map((line, at) => (
        <li key={at}>{line}</li>
      ))}
    </ul>
  );
  if (of.length <= FEW) return of.length > 0 ? list(of) : null;
  return (
    <>
      {list(of.slice(0, FEW))}
      <details>
        <summary className={css.told}>{m.charter.moreLines(of.length - FEW)}</summary>
        {list(of.slice(FEW))}
      </details>
    </>
  );
}
