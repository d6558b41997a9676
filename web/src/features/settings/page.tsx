//! Settings: oneself, people, what opens doors for programs, the book, who may do what, the log.

import { useMay, useSession } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { useHere } from "@/ui/here";
import { Page, Tabs } from "@/ui/page";
import { Empty } from "@/ui/state";
import { Audit } from "./audit";
import { BookSettings } from "./book";
import { Keys } from "./keys";
import { People } from "./people";
import { Rights } from "./rights";
import { Tokens } from "./tokens";
import { You } from "./you";

/** The parts, and the right that each needs. */
const PARTS = [
  { id: "you", right: null, Part: You },
  { id: "people", right: "people", Part: People },
  { id: "tokens", right: "tokens", Part: Tokens },
  { id: "keys", right: "settings", Part: Keys },
  { id: "book", right: "read", Part: BookSettings },
  { id: "rights", right: null, Part: Rights },
  { id: "audit", right: "audit", Part: Audit },
] as const;

export function SettingsPage() {
  const m = useMessages();
  const { address, go } = useHere();
  const session = useSession();
  const now = PARTS.find((part) => part.id === address.tab) ?? PARTS[0];
  const isLet = useMay(now.right ?? "read") || now.right === null;
  const held = session?.capabilities ?? [];
  const shown = PARTS.filter((part) => part.right === null || held.includes(part.right));
  const tabs = shown.map(({ id }) => ({ id, name: m.settings.parts[id] }));
  return (
    <Page
      question={m.settings.question}
      tabs={
        <Tabs
          tabs={tabs}
          now={now.id}
          put={(id) => go({ tab: id === "you" ? "" : id, show: "" })}
          label={m.nav.settings}
        />
      }
    >
      {session && !isLet ? (
        <Empty title={m.settings.noRight}>{m.settings.noRightText}</Empty>
      ) : null}
      {session && isLet ? <now.Part /> : null}
    </Page>
  );
}
