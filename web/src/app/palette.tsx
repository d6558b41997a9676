//! Everything by name: pages, metrics, accounts, deals, words of the lexicon, and what one can do.

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  type KeyboardEvent,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { metricsQuery, searchQuery, useBook, useVersion } from "@/api/queries";
import { viewsQuery } from "@/api/saved";
import { useMessages, wordOf } from "@/lib/i18n";
import { useHere } from "@/ui/here";
import { usePaused } from "@/ui/paused";
import { Sheet } from "@/ui/sheet";
import { PAGES } from "./pages";
import css from "./palette.module.css";
import type { Over } from "./shell";

interface Found {
  group: string;
  name: string;
  under?: string | undefined;
  run: () => void;
}

const MOST = 6;

export function Palette({ close, show }: { close: () => void; show: (over: Over) => void }) {
  const m = useMessages();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const told = useDeferredValue(text);
  const found = useFound(told, show);
  // Enter before the hits of the last letter are there waits for them.
  const isEntered = useRef(false);
  const now = Math.min(at, Math.max(found.length - 1, 0));
  const run = (one: Found | undefined) => {
    if (!one) return;
    close();
    one.run();
  };
  useEffect(() => {
    if (!isEntered.current || told !== text) return;
    isEntered.current = false;
    run(found[now]);
  });
  const key = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((now + step + found.length) % Math.max(found.length, 1));
    }
    if (event.key === "Enter") {
      event.preventDefault();
      if (told === text) run(found[now]);
      else isEntered.current = true;
    }
  };
  return (
    <Sheet title={m.bar.find} label={m.bar.find} close={close} place="top" isBare>
      <input
        className={css.input}
        value={text}
        placeholder={m.bar.findAnything}
        aria-label={m.bar.findAnything}
        role="combobox"
        aria-expanded={true}
        aria-controls={list}
        aria-activedescendant={found.length > 0 ? `${list}-${now}` : undefined}
        // biome-ignore lint/a11y/noAutofocus: whoever opens it wants to type.
        autoFocus
        maxLength={120}
        onKeyDown={key}
        onChange={(event) => {
          isEntered.current = false;
          setText(event.target.value);
          setAt(0);
        }}
      />
      <div role="listbox" id={list} className={css.list} aria-label={m.bar.find}>
        {found.map((one, index) => (
          <div key={`${one.group}${one.name}`}>
            {found[index - 1]?.group === one.group ? null : (
              <p className={css.group}>{m.find[one.group] ?? one.group}</p>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the input above. */}
            <div
              role="option"
              id={`${list}-${index}`}
              tabIndex={-1}
              aria-selected={index === now}
              className={css.option}
              ref={
                index === now ? (element) => element?.scrollIntoView({ block: "nearest" }) : null
              }
              onPointerMove={() => setAt(index)}
              onClick={() => run(one)}
            >
              <span>{one.name}</span>
              {one.under ? <span className={css.under}>{one.under}</span> : null}
            </div>
          </div>
        ))}
      </div>
    </Sheet>
  );
}

function useFound(text: string, show: (over: Over) => void): Found[] {
  const m = useMessages();
  const { go, address } = useHere();
  const metrics = useQuery(metricsQuery).data;
  const terms = useBook()?.charter?.terms;
  const views = useQuery(viewsQuery).data;
  const navigate = useNavigate();
  const paused = usePaused(text).trim();
  const hits = useQuery(searchQuery(paused, useVersion())).data;
  const named = paused === text.trim() ? hits : undefined;
  const wanted = text.trim().toLowerCase();
  return useMemo(() => {
    const all: Found[] = PAGES.map(({ id, path, key }) => ({
      group: "pages",
      name: m.nav[id],
      under: `g ${key}`,
      run: () => go({}, { to: path }),
    }));
    all.push({
      group: "pages",
      name: m.periods.title,
      run: () => go({}, { to: "/periods" }),
    });
    all.push({
      group: "pages",
      name: m.reconcile.title,
      run: () => go({}, { to: "/health/reconcile" }),
    });
    const saved = (views ?? []).map((view) => ({
      group: "views",
      name: view.name,
      under: view.is_own ? undefined : (view.by ?? undefined),
      run: () => void navigate({ href: view.address }),
    }));
    const actions: Found[] = [
      { group: "actions", name: m.tour.again, run: () => go({ tour: "1" }, { to: "/" }) },
      { group: "actions", name: m.intake.bring, run: () => go({}, { to: "/health/import" }) },
      { group: "actions", name: m.bar.keys, under: "?", run: () => show("keys") },
      {
        group: "actions",
        name: m.keys.compare,
        under: "c",
        run: () => go({ compare: address.compare ? "" : "previous" }),
      },
    ];
    // Whoever types a key means that account, deal or person.
    const byKey: Found[] = [
      {
        group: "accounts",
        name: m.find.byKey?.replace("%", text.trim()) ?? text,
        run: () => go({ of: text.trim() }, { to: "/accounts" }),
      },
    ];
    const listed = (metrics ?? []).map((metric) => ({
      group: "metrics",
      name: wordOf(metric.name, m),
      under: metric.means,
      run: () => go({ of: metric.name }, { to: "/metrics" }),
    }));
    const words = (terms ?? []).map((term) => ({
      group: "terms",
      name: term.word,
      under: term.means,
      run: () => go({ tab: "words" }, { to: "/charter" }),
    }));
    if (!wanted) return [...all, ...saved.slice(0, MOST), ...actions];
    const accounts = (named?.accounts ?? []).map((one) => ({
      group: "accounts",
      name: one.name ? `${one.name} (${one.key})` : one.key,
      under: one.stands.rep ?? undefined,
      run: () => go({ of: one.key }, { to: "/accounts" }),
    }));
    const deals = (named?.deals ?? []).map((one) => ({
      group: "deals",
      name: one.key,
      under: one.account ?? undefined,
      run: () => go({ of: one.account ?? one.key, deal: one.key }, { to: "/accounts" }),
    }));
    const fits = (one: Found) => one.name.toLowerCase().includes(wanted);
    const some = (of: Found[]) => of.filter(fits).slice(0, MOST);
    return [
      ...some(all),
      ...some(saved),
      ...some(listed),
      ...some(words),
      ...some(actions),
      ...accounts,
      ...deals,
      ...byKey,
    ];
  }, [wanted, text, m, go, address, metrics, terms, views, named, navigate, show]);
}
