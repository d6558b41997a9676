//! The frame around every page: the rail, the top bar, the records of the figure that was clicked,
//! the palette, the keys.

import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { onSignedOut } from "@/api/client";
import {
  bookQuery,
  bookThenQuery,
  client,
  sessionQuery,
  useBook,
  useMay,
  useSession,
  useVersion,
} from "@/api/queries";
import { type Address, asked, kept, type Origin, readOrigin, shared } from "@/lib/address";
import { charterWords, type Words, WordsProvider } from "@/lib/book";
import { useMessages } from "@/lib/i18n";
import { keep, read, TOUR } from "@/lib/kept";
import { HereProvider } from "@/ui/here";
import { NotesProvider } from "@/ui/notes";
import { Empty, Trouble } from "@/ui/state";
import { Tips } from "@/ui/tips";
import { Toast } from "@/ui/toast";
import { useKeys } from "./keys";
import { Rail } from "./rail";
import css from "./shell.module.css";
import { TopBar } from "./top-bar";

const RecordsDrawer = lazy(() =>
  import("@/features/records/drawer").then((found) => ({ default: found.RecordsDrawer })),
);
const Palette = lazy(() => import("./palette").then((found) => ({ default: found.Palette })));
const Tour = lazy(() => import("./tour").then((found) => ({ default: found.Tour })));
const Ended = lazy(() => import("./ended").then((found) => ({ default: found.Ended })));
const KeyList = lazy(() => import("./key-list").then((found) => ({ default: found.KeyList })));

export type Over = "palette" | "keys" | null;

export function Shell() {
  const m = useMessages();
  const address = useSearch({ strict: false }) as Address;
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [over, setOver] = useState<Over>(null);
  const [isRailOpen, setRailOpen] = useState(false);
  const words = useBookWords(address);
  const mayImport = useMay("import");

  const go = useCallback(
    (next: Partial<Address>, how: { to?: string; replace?: boolean } = {}) => {
      // Of the address as it is by then: two keys may follow faster than a page is drawn.
      const search = (now: Address) => ({ ...(how.to ? kept(now) : now), ...next });
      const resetScroll = how.to !== undefined;
      void navigate({ to: how.to ?? ".", search, replace: how.replace ?? false, resetScroll });
    },
    [navigate],
  );
  const here = useMemo(() => ({ address, go }), [address, go]);
  useKeys(go, address, setOver, words.periods);
  useRecordLinks(go);
  useEffect(() => onSignedOut(() => void leave()), []);
  useCharterOfMetrics();
  // Whoever presses a key types on at once, so the palette is there before it is wanted.
  useEffect(() => void import("./palette"), []);
  // The rail closes when the page changes.
  useEffect(() => {
    if (path) setRailOpen(false);
  }, [path]);
  usePageFocus(path);
  useFirstTour(go);

  const origin = address.rec ? knownAs(readOrigin(address.rec), address) : null;
  return (
    <HereProvider value={here}>
      <WordsProvider value={words}>
        <a href="#page" className={css.skip}>
          {m.nav.skip}
        </a>
        <div className={css.frame}>
          <Rail isOpen={isRailOpen} close={() => setRailOpen(false)} />
          <div className={css.main}>
            <TopBar openRail={() => setRailOpen(true)} show={setOver} />
            <main id="page" className={css.page} tabIndex={-1}>
              <Suspense fallback={null}>
                <NotesProvider>
                  <Whole path={path} />
                </NotesProvider>
              </Suspense>
            </main>
          </div>
        </div>
        <Suspense fallback={null}>
          {origin ? <RecordsDrawer origin={origin} close={() => go({ rec: "" })} /> : null}
          {over === "palette" ? <Palette close={() => setOver(null)} show={setOver} /> : null}
          {over === "keys" ? <KeyList close={() => setOver(null)} /> : null}
          {address.tour ? <Tour at={address.tour} path={path} /> : null}
        </Suspense>
        {mayImport ? (
          <Suspense fallback={null}>
            <Ended />
          </Suspense>
        ) : null}
        <Tips />
        <Toast />
      </WordsProvider>
    </HereProvider>
  );
}

/** Pages that are there before a charter is. */
const ALWAYS = new Set(["/charter", "/settings", "/health", "/health/import"]);

/** The page, or why there is none: the server away, no charter yet, nothing imported. */
function Whole({ path }: { path: string }) {
  const m = useMessages();
  const book = useQuery(bookQuery);
  if (book.isError && !book.data) {
    return <Trouble error={book.error} again={() => void book.refetch()} />;
  }
  if (ALWAYS.has(path) || !book.data) return <Outlet />;
  if (!book.data.charter) {
    return (
      <Empty head="h1" title={m.charter.none} action={<Bring />}>
        {m.charter.noneText}
      </Empty>
    );
  }
  if (book.data.sources.length === 0)
    return (
      <Empty head="h1" title={m.state.nothing} action={<Bring />}>
        {m.state.nothingText}
      </Empty>
    );
  return <Outlet />;
}

/** The way to the first figure: files. */
function Bring() {
  const m = useMessages();
  if (!useMay("import")) return null;
  return (
    <Link to="/health/import" search={kept}>
      {m.intake.bring}
    </Link>
  );
}

const NO_CHARTER = {
  ...{ stages: [], teams: [], terms: [], dimensions: [], models: [], handoffs: [] },
  currency: null,
};

/** Records are of what the page knows: a frozen page opens frozen records. */
function knownAs(origin: Origin | null, address: Address): Origin | null {
  if (!origin) return null;
  const question = asked(origin.question.kind, shared(address), origin.question.words);
  return { ...origin, question };
}

/** The book's words as the page knows them, and up to when its sources show everything. */
function useBookWords(address: Address): Words {
  const now = useBook();
  const then = useQuery(bookThenQuery(shared(address), useVersion()));
  const book = then.data ?? now;
  const zone = book?.charter?.zone ?? "UTC";
  const horizon = book?.shown?.last ?? null;
  const all = book?.periods;
  // A server that has just begun knows its periods some seconds later.
  const isSettled = book !== undefined && !(all?.length === 0 && horizon !== null);
  return useMemo(
    () => ({
      ...(book?.charter ? charterWords(book.charter) : NO_CHARTER),
      zone,
      periods: all ?? [],
      horizon,
      isSettled,
    }),
    [book?.charter, zone, all, horizon, isSettled],
  );
}

/** Under another charter metrics mean something else: their definitions are asked for anew. */
function useCharterOfMetrics(): void {
  const hash = useBook()?.charter?.hash;
  const before = useRef(hash);
  useEffect(() => {
    if (before.current !== undefined && before.current !== hash) {
      for (const key of ["metrics", "metric"]) {
        void client.invalidateQueries({ queryKey: [key] });
      }
    }
    before.current = hash;
  }, [hash]);
}

/** Guests of an invented company are shown around once; whoever came by a link sees what it shows. */
function useFirstTour(go: (words: Partial<Address>, how?: { to?: string }) => void): void {
  const session = useSession();
  const isFirst = session?.kind === "guest" && session.is_demo && read(TOUR) === null;
  useEffect(() => {
    if (!isFirst || window.location.pathname !== "/" || window.location.search !== "") return;
    keep(TOUR, "begun");
    go({ tour: "1" });
  }, [isFirst, go]);
}

/** The server knows the session no more: sign in again, and come back here. */
async function leave(): Promise<void> {
  await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  const { pathname, search } = window.location;
  if (pathname !== "/sign-in") {
    window.location.assign(`/sign-in?show=${encodeURIComponent(pathname + search)}`);
  }
}

/** Whoever reads by ear or by keys goes on at the top of the page they went to. */
function usePageFocus(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    document.getElementById("page")?.focus({ preventScroll: true });
  }, [path]);
}

/** Figures are plain links, so that they open in a new tab; a plain click opens the drawer here. */
function useRecordLinks(go: (words: Partial<Address>) => void): void {
  useEffect(() => {
    const click = (event: MouseEvent) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const link = event.target instanceof Element ? event.target.closest("a[data-rec]") : null;
      const rec = link?.getAttribute("data-rec");
      if (!rec) return;
      event.preventDefault();
      go({ rec });
    };
    document.addEventListener("click", click);
    return () => document.removeEventListener("click", click);
  }, [go]);
}
