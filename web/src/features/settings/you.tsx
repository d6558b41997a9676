//! Oneself: who one is here, what one may, how the application looks and speaks, the password, and
//! where one is signed in.

import { useMantineColorScheme } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { change, changePassword, goToProvider } from "@/api/people";
import { type Session, useMay, useSession } from "@/api/queries";
import { choose, LOCALES, useLocale, useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Button, Field, Form, Tick } from "@/ui/field";
import { Tabs } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Span } from "@/ui/span";
import { Trouble } from "@/ui/state";
import { tell } from "@/ui/toast";
import css from "./page.module.css";
import { Sessions } from "./sessions";
import { Sides } from "./sides";

export function You() {
  const session = useSession();
  const person = session?.person;
  return (
    <>
      <Span of="half">{session ? <Me session={session} /> : null}</Span>
      <Span of="half">
        <Look />
      </Span>
      {person && session?.kind === "person" ? (
        <>
          <Span of="half">
            <Password hasOne={person.has_password ?? true} />
          </Span>
          <Span of="half">
            <Open id={person.id} />
          </Span>
        </>
      ) : null}
    </>
  );
}

function Me({ session }: { session: Session }) {
  const m = useMessages();
  const person = session.person;
  const [isNaming, setNaming] = useState(false);
  return (
    <Panel
      title={person?.name ?? m.role.guest ?? m.settings.you}
      actions={
        person && session.kind === "person" && !isNaming ? (
          <Button onClick={() => setNaming(true)}>{m.settings.rename}</Button>
        ) : null
      }
    >
      {person && isNaming ? (
        <Rename id={person.id} name={person.name} done={() => setNaming(false)} />
      ) : null}
      <dl className={css.said}>
        {person?.email ? <Said what={m.settings.email}>{person.email}</Said> : null}
        {person ? (
          <Said what={m.settings.role}>
            {m.role[person.role] ?? person.role}
            {m.settings.roleMeans[person.role] ? (
              <span className={css.under}>{m.settings.roleMeans[person.role]}</span>
            ) : null}
          </Said>
        ) : null}
        {person && person.sides.length > 0 ? (
          <Said what={m.settings.sides}>
            <Sides of={person.sides} />
          </Said>
        ) : null}
        {person ? (
          <Said what={m.settings.rowsOf}>{person.teams.join(", ") || m.settings.allTeams}</Said>
        ) : null}
        <Said what={m.settings.may}>
          {session.capabilities.map((one) => m.settings.rights[one] ?? one).join(", ")}
        </Said>
        {person && session.provider ? (
          <Said what={session.provider.name}>
            <Provider name={session.provider.name} isKnown={person.has_provider ?? false} />
          </Said>
        ) : null}
      </dl>
      {session.kind === "guest" ? <p className={css.told}>{m.settings.guestMeans}</p> : null}
    </Panel>
  );
}

function Said({ what, children }: { what: string; children: ReactNode }) {
  return (
    <div>
      <dt>{what}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Rename({ id, name, done }: { id: string; name: string; done: () => void }) {
  const m = useMessages();
  const [text, setText] = useState(name);
  const doing = useAct();
  const submit = async () => {
    if (await doing.run(() => change(id, { name: text.trim() }))) done();
  };
  return (
    <Form
      send={m.settings.save}
      isBusy={doing.isBusy}
      error={doing.error}
      submit={() => void submit()}
      beside={
        <Button kind="quiet" onClick={done}>
          {m.settings.cancel}
        </Button>
      }
    >
      <Field
        label={m.settings.name}
        value={text}
        put={setText}
        isRequired
        most={100}
        help={m.settings.renameHelp}
      />
    </Form>
  );
}

/** The company's own door, where there is one. */
function Provider({ name, isKnown }: { name: string; isKnown: boolean }) {
  const m = useMessages();
  const doing = useAct();
  if (isKnown) return <>{m.settings.provided}</>;
  const go = () => goToProvider({ purpose: "link", place: "/settings" });
  return (
    <>
      <Button isBusy={doing.isBusy} onClick={() => void doing.run(go)}>
        {m.settings.provide(name)}
      </Button>
      {doing.error ? <Trouble error={doing.error} /> : null}
    </>
  );
}

function Look() {
  const m = useMessages();
  const locale = useLocale();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const looks = [
    { id: "auto", name: m.bar.system },
    { id: "light", name: m.bar.light },
    { id: "dark", name: m.bar.dark },
  ];
  return (
    <Panel title={m.settings.appearance}>
      <dl className={css.said}>
        <Said what={m.bar.look}>
          <Tabs
            tabs={looks}
            now={colorScheme}
            put={(id) => setColorScheme(id as "auto" | "light" | "dark")}
            label={m.bar.look}
          />
        </Said>
        <Said what={m.bar.language}>
          <Tabs
            tabs={LOCALES}
            now={locale}
            put={(id) => void choose(id === "de" ? "de" : "en")}
            label={m.bar.language}
          />
        </Said>
      </dl>
    </Panel>
  );
}

const NOTHING = { old: "", next: "" };

function Password({ hasOne }: { hasOne: boolean }) {
  const m = useMessages();
  const hasTokens = useMay("tokens");
  const [said, setSaid] = useState(NOTHING);
  const [keeps, setKeeps] = useState(false);
  const doing = useAct();
  const submit = async () => {
    if (!(await doing.run(() => changePassword([said.old, said.next], keeps)))) return;
    setSaid(NOTHING);
    tell(m.settings.passwordChanged);
  };
  return (
    <Panel title={m.settings.password} means={m.settings.passwordMeans}>
      {hasOne ? (
        <Form
          send={m.settings.passwordChange}
          isBusy={doing.isBusy}
          error={doing.error}
          submit={() => void submit()}
        >
          <Field
            label={m.settings.passwordOld}
            type="password"
            value={said.old}
            put={(old) => setSaid({ ...said, old })}
            complete="current-password"
            most={1024}
            isRequired
          />
          <Field
            label={m.settings.passwordNew}
            type="password"
            value={said.next}
            put={(next) => setSaid({ ...said, next })}
            complete="new-password"
            help={m.entry.passwordHelp}
            least={12}
            most={1024}
            isRequired
          />
          {hasTokens ? <Tick label={m.settings.keepTokens} value={keeps} put={setKeeps} /> : null}
        </Form>
      ) : (
        <p className={css.told}>{m.settings.noPassword}</p>
      )}
    </Panel>
  );
}

function Open({ id }: { id: string }) {
  const m = useMessages();
  return (
    <Panel title={m.settings.sessions} means={m.settings.sessionsMeans}>
      <Sessions person={id} />
    </Panel>
  );
}
