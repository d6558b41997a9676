//! People of the book: who is here as what, whom one invites, and each by name.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Invited, type Member, peopleQuery } from "@/api/people";
import { useMessages } from "@/lib/i18n";
import { Button } from "@/ui/field";
import { Grid } from "@/ui/grid";
import { useHere } from "@/ui/here";
import { Moment } from "@/ui/moment";
import { Once } from "@/ui/once";
import { Panel } from "@/ui/panel";
import { Answered } from "@/ui/state";
import { InviteSheet } from "./invite";
import css from "./page.module.css";
import { PersonSheet } from "./person";
import { Sides } from "./sides";

const INVITE = "invite";

export function People() {
  const m = useMessages();
  const { address, go } = useHere();
  const query = useQuery(peopleQuery);
  // The link is in this answer alone, so that it lives here and nowhere else.
  const [made, setMade] = useState<Invited | null>(null);
  const close = () => go({ show: "" });
  const invited = (done: Invited) => {
    setMade(done);
    close();
  };
  const chosen = query.data?.people.find((person) => person.id === address.show);
  return (
    <Panel
      title={m.settings.people}
      means={m.settings.peopleMeans}
      actions={
        <Button kind="main" onClick={() => go({ show: INVITE })}>
          {m.settings.add}
        </Button>
      }
    >
      {made ? <Link of={made} done={() => setMade(null)} /> : null}
      <Answered query={query} height={240}>
        {({ people }) => <Rows people={people} />}
      </Answered>
      {address.show === INVITE ? <InviteSheet close={close} done={invited} /> : null}
      {chosen ? (
        <PersonSheet key={chosen.id} person={chosen} close={close} linked={invited} />
      ) : null}
    </Panel>
  );
}

function Link({ of, done }: { of: Invited; done: () => void }) {
  const m = useMessages();
  const { name, has_password } = of.person;
  return (
    <Once
      title={m.settings.linkFor(name)}
      means={has_password ? m.settings.resetMeans : m.settings.linkMeans}
      secret={window.location.origin + of.path}
      done={done}
    />
  );
}

function Rows({ people }: { people: readonly Member[] }) {
  const m = useMessages();
  const { go } = useHere();
  const head = [
    m.settings.name,
    m.settings.role,
    m.settings.signsFor,
    m.settings.rowsOf,
    m.settings.stands,
    m.settings.since,
  ];
  return (
    <Grid label={m.settings.people} head={head}>
      {people.map((person) => (
        <tr key={person.id}>
          <th scope="row">
            <button type="button" className={css.name} onClick={() => go({ show: person.id })}>
              {person.name}
            </button>
            <span className={css.under}>{person.email}</span>
          </th>
          <td>{m.role[person.role] ?? person.role}</td>
          <td>
            <Sides of={person.sides} />
          </td>
          <td className={person.teams.length === 0 ? css.off : ""}>
            {person.teams.join(", ") || m.settings.allTeams}
          </td>
          <td className={person.is_disabled ? css.off : ""}>{standing(person, m)}</td>
          <td>
            <Moment at={person.made} />
          </td>
        </tr>
      ))}
    </Grid>
  );
}

function standing(person: Member, m: ReturnType<typeof useMessages>): string {
  if (person.is_disabled) return m.settings.lockedOut;
  return person.has_password || person.has_provider ? m.settings.active : m.settings.waits;
}
