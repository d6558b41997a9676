//! The top bar: which period, as of when, compared with what, and the way to everything.

import { Menu, Popover, useMantineColorScheme } from "@mantine/core";
import {
  IconBookmark,
  IconCalendar,
  IconClock,
  IconLink,
  IconMenu2,
  IconSearch,
  IconUserCircle,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { act } from "@/api/client";
import { bookQuery, client, useBook, useSession } from "@/api/queries";
import { kept, writeSearch } from "@/lib/address";
import { useWords } from "@/lib/book";
import { offered, periodName } from "@/lib/calendar";
import { clock, day, moment } from "@/lib/format";
import { choose, LOCALES, useLocale, useMessages } from "@/lib/i18n";
import { ALL, useHere, useWhen } from "@/ui/here";
import { tell } from "@/ui/toast";
import type { Over } from "./shell";
import css from "./top-bar.module.css";

const Views = lazy(() =>
  import("@/features/saved/views").then((found) => ({ default: found.Views })),
);

interface TopBarProps {
  openRail: () => void;
  show: (over: Over) => void;
}

/** Pages of figures of a period; on the others a comparison would change nothing. */
const COMPARED = new Set([
  "/",
  "/funnel",
  "/handoffs",
  "/deals",
  "/credit",
  "/campaign",
  "/metrics",
]);

export function TopBar({ openRail, show }: TopBarProps) {
  const m = useMessages();
  const { address } = useHere();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const isCompared = COMPARED.has(path) || (path === "/charter" && address.tab === "brand");
  return (
    <header className={css.bar}>
      <button type="button" className={css.burger} onClick={openRail} aria-label={m.nav.open}>
        <IconMenu2 size={20} />
      </button>
      <PeriodPicker />
      {isCompared ? <ComparePicker /> : null}
      <AsOfPicker />
      <Away />
      <span className={css.space} />
      <button type="button" className={css.find} onClick={() => show("palette")}>
        <IconSearch size={15} aria-hidden="true" />
        <span>{m.bar.find}</span>
        <kbd>⌘K</kbd>
      </button>
      <ViewsMenu />
      <ShareMenu />
      <PersonMenu show={show} />
    </header>
  );
}

function PeriodPicker() {
  const m = useMessages();
  const locale = useLocale();
  const { address, go } = useHere();
  const { horizon, periods: all } = useWords();
  const when = useWhen();
  const [isOpen, setOpen] = useState(false);
  const choices = offered(all);
  const pick = (period: string) => {
    go({ period });
    setOpen(false);
  };
  const group = (title: string, periods: string[]) => (
    <div>
      <h3>{title}</h3>
      <ul>
        {periods.map((period) => (
          <li key={period}>
            <button
              type="button"
              className={css.choice}
              aria-pressed={when.whole === period}
              onClick={() => pick(period)}
            >
              {periodName(all, period, locale)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={css.chip}
          onClick={() => setOpen(!isOpen)}
          data-key="period"
          data-tip={when.period === when.whole ? undefined : m.besides.means}
          aria-label={`${m.bar.period}: ${when.name}`}
        >
          <IconCalendar size={15} aria-hidden="true" />
          {when.isKnown ? when.name : m.bar.period}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={css.drop}>
        <div className={css.periods}>
          {group(m.bar.quarters, choices.quarters)}
          {group(m.bar.months, choices.months)}
          <div>
            {group(m.bar.years, choices.years)}
            <button
              type="button"
              className={css.choice}
              aria-pressed={address.period === ALL}
              onClick={() => pick(ALL)}
            >
              {m.bar.allTime}
            </button>
          </div>
        </div>
        <TextWord
          label={m.bar.custom}
          help={m.bar.customHelp}
          value={when.whole ?? ""}
          put={pick}
        />
        {horizon ? <p className={css.help}>{m.bar.horizon(day(horizon, locale))}</p> : null}
        <Link to="/periods" search={kept} className={css.further} onClick={() => setOpen(false)}>
          {m.bar.closedPeriods}
        </Link>
      </Popover.Dropdown>
    </Popover>
  );
}

interface TextWordProps {
  label: string;
  help?: string;
  type?: "text" | "date";
  value: string;
  put: (text: string) => void;
}

function TextWord({ label, help, type = "text", value, put }: TextWordProps) {
  const m = useMessages();
  const [text, setText] = useState(value);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    put(text.trim());
  };
  return (
    <form onSubmit={submit} className={css.text}>
      <label>
        <span>{label}</span>
        <input
          type={type}
          value={text}
          onChange={(event) => setText(event.target.value)}
          maxLength={80}
        />
      </label>
      <button type="submit" className={css.apply}>
        {m.bar.apply}
      </button>
      {help ? <p className={css.help}>{help}</p> : null}
    </form>
  );
}

function ComparePicker() {
  const m = useMessages();
  const { address, go } = useHere();
  const choices = [
    { value: "", name: m.bar.none },
    { value: "previous", name: m.bar.previous },
    { value: "year-ago", name: m.bar.yearAgo },
  ];
  const now = choices.find((choice) => choice.value === (address.compare ?? ""));
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-start">
      <Menu.Target>
        <button type="button" className={css.chip} data-on={address.compare ? "" : undefined}>
          {address.compare ? (now?.name ?? address.compare) : m.bar.compare}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(({ value, name }) => (
          <Menu.Item key={value} onClick={() => go({ compare: value })}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** When the server last answered, where it does so no more; a page of yesterday does not look live. */
function useAway(): { time: string; moment: string } | null {
  const locale = useLocale();
  const { zone } = useWords();
  const { isError, isPaused, dataUpdatedAt } = useQuery(bookQuery);
  if (!(isError || isPaused) || dataUpdatedAt === 0) return null;
  const at = new Date(dataUpdatedAt).toISOString();
  return { time: clock(at, locale, zone), moment: moment(at, locale, zone) };
}

function Away() {
  const m = useMessages();
  const away = useAway();
  return (
    <span aria-live="polite">
      {away ? (
        <span className={css.away} data-tip={m.away.means(away.moment)} tabIndex={0}>
          {m.away.since(away.time)}
        </span>
      ) : null}
    </span>
  );
}

function AsOfPicker() {
  const m = useMessages();
  const locale = useLocale();
  const { address, go } = useHere();
  const { zone } = useWords();
  const [isOpen, setOpen] = useState(false);
  const away = useAway();
  const asOf = address["as-of"];
  const isSeq = asOf !== undefined && /^\d+$/.test(asOf);
  const live = away ? m.away.stands(away.time) : m.bar.live;
  const name = !asOf
    ? live
    : isSeq
      ? m.bar.knownAt(asOf)
      : m.bar.knownOn(moment(asOf, locale, zone));
  const put = (text: string) => {
    go({ "as-of": text });
    setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={css.chip}
          data-on={asOf ? "" : undefined}
          data-key="as-of"
          onClick={() => setOpen(!isOpen)}
          aria-label={`${m.bar.asOf}: ${name}`}
        >
          <IconClock size={15} aria-hidden="true" />
          {name}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={css.drop}>
        <button type="button" className={css.choice} aria-pressed={!asOf} onClick={() => put("")}>
          {m.bar.live}: {m.bar.liveMeans}
        </button>
        <TextWord
          label={m.bar.asOfDay}
          type="date"
          value={asOf && /^\d{4}-\d\d-\d\d$/.test(asOf) ? asOf : ""}
          put={put}
        />
        <TextWord label={m.bar.asOf} help={m.bar.asOfHelp} value={asOf ?? ""} put={put} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** Saved views, and saving the page as it stands. */
function ViewsMenu() {
  const m = useMessages();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const open = (href: string) => {
    setOpen(false);
    void navigate({ href });
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width={320}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button
          type="button"
          className={css.icon}
          aria-label={m.views.title}
          data-tip={m.views.title}
          data-key="views"
          onClick={() => setOpen(!isOpen)}
        >
          <IconBookmark size={17} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={css.drop}>
        <Suspense fallback={null}>
          <Views open={open} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}

function ShareMenu() {
  const m = useMessages();
  const { address } = useHere();
  const book = useBook();
  const copy = async (isFrozen: boolean) => {
    const seq = String(book?.published ?? "");
    const shown = { ...address, tour: "" };
    const words = isFrozen && !address["as-of"] ? { ...shown, "as-of": seq } : shown;
    const url = window.location.origin + window.location.pathname + writeSearch(words);
    try {
      await navigator.clipboard.writeText(url);
      tell(m.bar.copied);
    } catch {
      tell(m.bar.notCopied);
    }
  };
  return (
    <Menu withInitialFocusPlaceholder={false} width={280}>
      <Menu.Target>
        <button type="button" className={css.icon} aria-label={m.bar.share} data-tip={m.bar.share}>
          <IconLink size={17} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void copy(false)}>
          {m.bar.shareLive}
          <span className={css.help}>{m.bar.shareLiveMeans}</span>
        </Menu.Item>
        <Menu.Item onClick={() => void copy(true)}>
          {m.bar.shareFrozen}
          <span className={css.help}>
            {m.bar.shareFrozenMeans(address["as-of"] ?? String(book?.published ?? ""))}
          </span>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function PersonMenu({ show }: { show: (over: Over) => void }) {
  const m = useMessages();
  const locale = useLocale();
  const session = useSession();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const looks = [
    { value: "auto", name: m.bar.system },
    { value: "light", name: m.bar.light },
    { value: "dark", name: m.bar.dark },
  ] as const;
  const leave = async () => {
    try {
      await act("DELETE", "/api/v1/session");
    } catch {
      // The session may live on: whoever leaves must know.
      tell(m.bar.notSignedOut);
      return;
    }
    client.clear();
    await navigate({ to: "/sign-in" });
  };
  const person = session?.person;
  return (
    <Menu withInitialFocusPlaceholder={false} width={230}>
      <Menu.Target>
        <button type="button" className={css.icon} aria-label={m.bar.account}>
          <IconUserCircle size={19} stroke={1.6} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {person ? `${person.name} · ${m.role[person.role] ?? person.role}` : m.role.guest}
        </Menu.Label>
        <Menu.Label>{m.bar.look}</Menu.Label>
        {looks.map(({ value, name }) => (
          <Menu.Item
            key={value}
            onClick={() => setColorScheme(value)}
            rightSection={colorScheme === value ? "✓" : null}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Label>{m.bar.language}</Menu.Label>
        {LOCALES.map(({ id, name }) => (
          <Menu.Item
            key={id}
            onClick={() => void choose(id)}
            rightSection={locale === id ? "✓" : null}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => show("keys")} rightSection={<kbd>?</kbd>}>
          {m.bar.keys}
        </Menu.Item>
        {person ? <Menu.Item onClick={() => void leave()}>{m.bar.signOut}</Menu.Item> : null}
        {session?.kind === "guest" ? (
          <Menu.Item onClick={() => void leave()}>{m.entry.title}</Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
