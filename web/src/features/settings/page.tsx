//! Settings: whoever is signed in, how the application looks and speaks to them.

import { useMantineColorScheme } from "@mantine/core";
import { useSession } from "@/api/queries";
import { choose, LOCALES, useLocale, useMessages } from "@/lib/i18n";
import { Page, Tabs } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Span } from "@/ui/span";
import css from "./page.module.css";

export function SettingsPage() {
  const m = useMessages();
  return (
    <Page question={m.settings.question}>
      <Span of="half">
        <Me />
      </Span>
      <Span of="half">
        <Look />
      </Span>
    </Page>
  );
}

function Me() {
  const m = useMessages();
  const session = useSession();
  const person = session?.person;
  return (
    <Panel title={person?.name ?? m.role.guest ?? m.settings.you}>
      <dl className={css.said}>
        {person?.email ? (
          <div>
            <dt>{m.settings.email}</dt>
            <dd>{person.email}</dd>
          </div>
        ) : null}
        {person ? (
          <div>
            <dt>{m.settings.role}</dt>
            <dd>{m.role[person.role] ?? person.role}</dd>
          </div>
        ) : null}
        <div>
          <dt>{m.settings.may}</dt>
          <dd>{session?.capabilities.map((one) => m.settings.rights[one] ?? one).join(", ")}</dd>
        </div>
      </dl>
    </Panel>
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
        <div>
          <dt>{m.bar.look}</dt>
          <dd>
            <Tabs
              tabs={looks}
              now={colorScheme}
              put={(id) => setColorScheme(id as "auto" | "light" | "dark")}
              label={m.bar.look}
            />
          </dd>
        </div>
        <div>
          <dt>{m.bar.language}</dt>
          <dd>
            <Tabs
              tabs={LOCALES}
              now={locale}
              put={(id) => void choose(id === "de" ? "de" : "en")}
              label={m.bar.language}
            />
          </dd>
        </div>
      </dl>
    </Panel>
  );
}
