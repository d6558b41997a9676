//! The keys, for whoever presses `?`.

import { useMessages } from "@/lib/i18n";
import { Sheet } from "@/ui/sheet";
import css from "./key-list.module.css";
import { PAGES } from "./pages";

export function KeyList({ close }: { close: () => void }) {
  const m = useMessages();
  const keys: [string, string][] = [
    ["⌘ K", m.keys.find],
    ["?", m.keys.help],
    ["[", m.keys.earlier],
    ["]", m.keys.later],
    ["p", m.keys.period],
    [".", m.keys.asOf],
    ["c", m.keys.compare],
    ["v", m.keys.views],
    ["← →", m.keys.marks],
    ["Enter", m.keys.open],
    ["Esc", m.keys.close],
  ];
  const pages = PAGES.map(({ id, key }): [string, string] => [`g ${key}`, m.keys.goTo(m.nav[id])]);
  return (
    <Sheet title={m.keys.title} close={close}>
      <dl className={css.keys}>
        {[...keys, ...pages].map(([key, means]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
