//! The accounts, as many as there are: a page after the other as one scrolls, those that go by a text
//! when one types. The key of anything that has a journey opens it, whether it stands here or not.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { type Account, accountsQuery, allAccounts, searchQuery, useVersion } from "@/api/queries";
import { stageName, useWords } from "@/lib/book";
import { count } from "@/lib/format";
import { type Messages, useLocale, useMessages, wordIn, wordOf } from "@/lib/i18n";
import { useHere } from "@/ui/here";
import { usePaused } from "@/ui/paused";
import { Trouble, Waiting } from "@/ui/state";
import { Take } from "@/ui/take";
import css from "./page.module.css";

const ROW = 46;

export function List({ now }: { now: string | undefined }) {
  const m = useMessages();
  const locale = useLocale();
  const { address, go } = useHere();
  const version = useVersion();
  const [text, setText] = useState("");
  const wanted = usePaused(text).trim();
  const query = useInfiniteQuery(accountsQuery(wanted, version));
  const others = useQuery(searchQuery(wanted, version)).data;
  const pages = query.data?.pages ?? [];
  const listed = pages.flatMap((page) => page.accounts);
  const of = pages[0]?.of ?? 0;
  const words = useWords();
  const lines = async () => {
    const head = ["account", "name", "stage", "outcome", "rep"].map((id) => wordOf(id, m));
    const cells = ({ key, name, stands }: Account) => {
      const stage = stands.stage ? stageName(words, stands.stage) : "–";
      return [key, name ?? "–", stage, wordOf(stands.outcome, m), stands.rep ?? "–"];
    };
    return [head, ...(await allAccounts(wanted)).map(cells)];
  };
  const open = (key: string) => go({ of: key, step: "", deal: "" });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const said = text.trim();
    if (!said) return;
    // Only what was typed is opened: a row that merely holds it is not what was meant.
    const exact = listed.find((one) => one.key === said || one.name === said);
    open(exact?.key ?? said);
  };
  return (
    <section className={`${css.list} screen-only`} aria-label={m.accounts.list}>
      <form onSubmit={submit} role="search">
        <input
          type="search"
          className={css.search}
          value={text}
          placeholder={m.accounts.search}
          aria-label={m.accounts.search}
          maxLength={120}
          onChange={(event) => setText(event.target.value)}
        />
      </form>
      <p className={css.none} aria-live="polite">
        {query.data ? m.accounts.listed(count(of, locale)) : ""}
        {address["as-of"] ? ` ${m.accounts.listNow}` : ""}
      </p>
      {query.isError ? (
        <Trouble error={query.error} again={() => void query.refetch()} />
      ) : query.data ? (
        <Rows
          accounts={listed}
          now={now}
          open={open}
          more={() => {
            if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
          }}
        />
      ) : (
        <Waiting height={260} />
      )}
      {listed.length > 0 ? <Take table="accounts" lines={lines} /> : null}
      {wanted && query.data && listed.length === 0 ? (
        <p className={css.none}>{m.accounts.byKey}</p>
      ) : null}
      <Others found={others} open={(key, deal) => go({ of: key, deal, step: "" })} />
    </section>
  );
}

interface RowsProps {
  accounts: readonly Account[];
  now: string | undefined;
  open: (key: string) => void;
  more: () => void;
}

function Rows({ accounts, now, open, more }: RowsProps) {
  const m = useMessages();
  const words = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: accounts.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= accounts.length - 20) more();
  }, [last, accounts.length, more]);
  return (
    <div ref={frame} className={css.rows}>
      <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {items.map((item) => {
          const one = accounts[item.index];
          if (!one) return null;
          return (
            <button
              key={one.key}
              type="button"
              className={css.row}
              style={{ transform: `translateY(${item.start}px)` }}
              aria-current={one.key === now ? "true" : undefined}
              onClick={() => open(one.key)}
            >
              <span>{one.name ?? one.key}</span>
              <small>{stands(one, words, m)}</small>
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** Where an account stands, in one line. */
function stands(one: Account, words: ReturnType<typeof useWords>, m: Messages): string {
  const { stage, outcome, rep } = one.stands;
  const where = stage ? stageName(words, stage) : (wordIn(m.ids, outcome) ?? outcome);
  return [one.name ? one.key : null, where, rep].filter(Boolean).join(" · ");
}

/** Deals and people that go by the text. */
function Others({
  found,
  open,
}: {
  found: { deals: { key: string; account?: string | null }[]; people: string[] } | undefined;
  open: (key: string, deal: string) => void;
}) {
  const m = useMessages();
  const some = [
    ...(found?.deals ?? []).map((deal) => ({
      name: deal.key,
      under: [m.find.deals, deal.account].filter(Boolean).join(" · "),
      run: () => open(deal.account ?? deal.key, deal.key),
    })),
    ...(found?.people ?? []).map((person) => ({
      name: person,
      under: m.find.people ?? "",
      run: () => open(person, ""),
    })),
  ];
  if (some.length === 0) return null;
  return (
    <ul className={css.others}>
      {some.map((one) => (
        <li key={one.name}>
          <button type="button" className={css.other} onClick={one.run}>
            <span>{one.name}</span>
            <small>{one.under}</small>
          </button>
        </li>
      ))}
    </ul>
  );
}
