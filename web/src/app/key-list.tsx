//! The keys, for whoever presses `?`.

import { useMessages } from "@/lib/i18n";
import { keep, SINGLE_KEYS, useKept } from "@/lib/kept";
import { useHere } from "@/ui/here";
import { Sheet } from "@/ui/sheet";
import css from "./key-list.module.css";
import { PAGES } from "./pages";

export function KeyList({ close }: { close: () => void }) {
  const m = useMessages();
  const { go } = useHere();
  const isOn = useKept(SINGLE_KEYS) !== "off";
  const tour = () => {
    close();
    go({ tour: "1" }, { to: "/" });
  };
  const keys: [string, string][] = [
    ["⌘ K", m.keys.find],
    ["/", m.keys.find],
    ["?", m.keys.help],
    ["[", m.keys.earlier],
    ["]", m.keys.later],
    ["p", m.keys.period],
    [".", m.keys.asOf],
    ["c", m.keys.compare],
    ["v", m.keys.views],
    ["← →", m.keys.marks],
    ["Enter", m.keys.open],
    ["⌘ C", m.keys.copy],
    ["⇧ ← →", m.keys.width],
    ["Esc", m.keys.close],
  ];
  const pages = PAGES.map(({ id, key }): [string, string] => [`g ${key}`, m.keys.goTo(m.nav[id])]);
  return (
    <Sheet title={m.keys.title} close={close}>
      <label className={css.choice}>
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => keep(SINGLE_KEYS, event.target.checked ? "on" : "off")}
        />
        {m.keys.single}
      </label>
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
      <p className={css.tour}>
        <button type="button" onClick={tour}>
          {m.tour.again}
        </button>
      </p>
    </Sheet>
  );
}
