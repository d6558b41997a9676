//! Somebody by name: what they are, their sessions, another link, keeping them out, taking them away.

import { useState } from "react";
import { anotherLink, change, type Invited, type Member, removePerson } from "@/api/people";
import { useSession } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Button, Field, Form, Pair } from "@/ui/field";
import { Sheet } from "@/ui/sheet";
import { Trouble } from "@/ui/state";
import { Sure } from "@/ui/sure";
import { tell } from "@/ui/toast";
import css from "./page.module.css";
import { Sessions } from "./sessions";
import { type Who, WhoFields } from "./who";

interface PersonProps {
  person: Member;
  close: () => void;
  linked: (made: Invited) => void;
}

export function PersonSheet({ person, close, linked }: PersonProps) {
  const m = useMessages();
  const isOneself = useSession()?.person?.id === person.id;
  return (
    <Sheet title={person.name} label={person.name} close={close} place="edge">
      <div className={css.scroll}>
        <What person={person} isOneself={isOneself} />
        <section>
          <h3>{m.settings.sessions}</h3>
          <Sessions person={person.id} />
        </section>
        <Link person={person} linked={linked} />
        {isOneself ? null : <Out person={person} close={close} />}
      </div>
    </Sheet>
  );
}

/** Only what was changed is sent: another role ends sessions, the same role must not. */
function What({ person, isOneself }: { person: Member; isOneself: boolean }) {
  const m = useMessages();
  const doing = useAct();
  const [name, setName] = useState(person.name);
  const [email, setEmail] = useState(person.email);
  const [who, setWho] = useState<Who>(person);
  const isSame = (a: readonly string[], b: readonly string[]) =>
    [...a].sort().join("\n") === [...b].sort().join("\n");
  const rights = {
    ...(who.role === person.role ? {} : { role: who.role }),
    ...(isSame(who.sides, person.sides) ? {} : { sides: who.sides }),
    ...(isSame(who.teams, person.teams) ? {} : { teams: who.teams }),
  };
  const changed = {
    ...(name.trim() === person.name ? {} : { name: name.trim() }),
    ...(email.trim() === person.email ? {} : { email: email.trim() }),
    ...rights,
  };
  const submit = async () => {
    if (await doing.run(() => change(person.id, changed))) tell(m.settings.saved);
  };
  return (
    <Form
      send={m.settings.save}
      isBusy={doing.isBusy}
      isOff={Object.keys(changed).length === 0}
      error={doing.error}
      submit={() => void submit()}
    >
      <Pair>
        <Field label={m.settings.name} value={name} put={setName} isRequired most={100} />
        <Field
          label={m.settings.email}
          type="email"
          value={email}
          put={setEmail}
          isRequired
          most={254}
        />
      </Pair>
      {isOneself ? (
        <p className={css.told}>{m.settings.ownRights}</p>
      ) : (
        <WhoFields who={who} put={setWho} />
      )}
      {Object.keys(rights).length > 0 ? (
        <p className={css.told}>{m.settings.endsSessions}</p>
      ) : null}
    </Form>
  );
}

function Link({ person, linked }: Omit<PersonProps, "close">) {
  const m = useMessages();
  const doing = useAct();
  const make = () => doing.run(async () => linked(await anotherLink(person.id)));
  return (
    <section>
      <h3>{m.settings.link}</h3>
      <p>{person.has_password ? m.settings.resetMeans : m.settings.linkMeans}</p>
      {doing.error ? <Trouble error={doing.error} /> : null}
      <Button isBusy={doing.isBusy} onClick={() => void make()}>
        {person.has_password ? m.settings.resetLink : m.settings.anotherLink}
      </Button>
    </section>
  );
}

function Out({ person, close }: { person: Member; close: () => void }) {
  const m = useMessages();
  const doing = useAct();
  const [isSure, setSure] = useState(false);
  const [isKeeping, setKeeping] = useState(false);
  const turn = async () => {
    const done = await doing.run(() => change(person.id, { is_disabled: !person.is_disabled }));
    if (done)
      tell(person.is_disabled ? m.settings.letIn(person.name) : m.settings.kept(person.name));
  };
  return (
    <section>
      <h3>{m.settings.out}</h3>
      <p>{person.is_disabled ? m.settings.enableMeans : m.settings.disableMeans}</p>
      {doing.error ? <Trouble error={doing.error} /> : null}
      <p>
        <Button
          isBusy={doing.isBusy}
          onClick={() => (person.is_disabled ? void turn() : setKeeping(true))}
        >
          {person.is_disabled ? m.settings.enable : m.settings.disable}
        </Button>
      </p>
      <p>{m.settings.removeMeans}</p>
      <Button kind="danger" onClick={() => setSure(true)}>
        {m.settings.remove}
      </Button>
      {isKeeping ? (
        <Sure
          title={m.settings.disableAsk(person.name)}
          means={m.settings.disableMeans}
          act={m.settings.disable}
          run={async () => {
            await change(person.id, { is_disabled: true });
            tell(m.settings.kept(person.name));
          }}
          close={() => setKeeping(false)}
        />
      ) : null}
      {isSure ? (
        <Sure
          title={m.settings.removeAsk(person.name)}
          means={m.settings.removeMeans}
          act={m.settings.remove}
          name={person.name}
          run={async () => {
            await removePerson(person.id);
            close();
            tell(m.settings.removed(person.name));
          }}
          close={() => setSure(false)}
        />
      ) : null}
    </section>
  );
}
