//! Open sessions of somebody: on which device, from how near, and the way to end each.

import { useQuery } from "@tanstack/react-query";
import { endSession, sessionsQuery } from "@/api/people";
import { useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Acts, Grid } from "@/ui/grid";
import { Moment } from "@/ui/moment";
import { Answered, Trouble } from "@/ui/state";
import { tell } from "@/ui/toast";
import css from "./page.module.css";

export function Sessions({ person }: { person: string }) {
  const m = useMessages();
  const query = useQuery(sessionsQuery(person));
  const doing = useAct();
  const end = async (id: string) => {
    if (await doing.run(() => endSession(person, id))) tell(m.settings.sessionEnded);
  };
  return (
    <Answered query={query} height={90}>
      {({ sessions }) =>
        sessions.length === 0 ? (
          <p className={css.told}>{m.settings.noSessions}</p>
        ) : (
          <>
            {doing.error ? <Trouble error={doing.error} /> : null}
            <Grid
              label={m.settings.sessions}
              head={[m.settings.device, m.settings.since, m.settings.lastSeen, ""]}
            >
              {sessions.map((session) => (
                <tr key={session.id}>
                  <td>
                    {session.device.replace(/^another program\b/, m.settings.otherProgram)}
                    <span className={css.under}>
                      {m.settings.nearness[session.nearness] ?? session.nearness}
                    </span>
                  </td>
                  <td>
                    <Moment at={session.made} />
                  </td>
                  <td>
                    <Moment at={session.seen} />
                  </td>
                  <Acts>
                    {session.is_this ? (
                      <span className={css.this}>{m.settings.thisOne}</span>
                    ) : (
                      <button
                        type="button"
                        disabled={doing.isBusy}
                        onClick={() => void end(session.id)}
                      >
                        {m.settings.endSession}
                      </button>
                    )}
                  </Acts>
                </tr>
              ))}
            </Grid>
          </>
        )
      }
    </Answered>
  );
}
