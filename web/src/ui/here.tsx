//! The address as every part of a page reads it, without each figure subscribing to the router.

import { createContext, useContext } from "react";
import { type Address, type Origin, shared, writeOrigin, writeSearch } from "@/lib/address";
import { useWords } from "@/lib/book";
import { beside, comparedWith, periodName, running } from "@/lib/calendar";

import { useLocale, useMessages } from "@/lib/i18n";

interface Here {
  address: Address;
  /** Sets words of the address; an empty text takes a word out. Same page, unless `to` says where. */
  go: (words: Partial<Address>, how?: { to?: string; replace?: boolean }) => void;
}

const HereContext = createContext<Here>({ address: {}, go: () => {} });

export const HereProvider = HereContext.Provider;
export const useHere = (): Here => useContext(HereContext);

/** What a link to records needs: an address that works by itself, and the word for a quick opening. */
export function useRecordsLink(): (origin: Origin) => { href: string; "data-rec": string } {
  const { address } = useHere();
  return (origin) => {
    const rec = writeOrigin(origin);
    return { href: writeSearch({ ...address, rec }), "data-rec": rec };
  };
}

/** The word for all time, which is said aloud: without a word a page shows the newest quarter. */
export const ALL = "all";

interface When {
  /**
   * As questions take it; none is all time. Where it is compared and not over, its days so far, beside
   * as many of the period before.
   */
  period: string | undefined;
  /** All of the period, whatever it is compared with: goals are for all of it. */
  whole: string | undefined;
  /** The period compared with, where one is asked for and has a name. */
  before: string | undefined;
  name: string;
  wholeName: string;
  beforeName: string;
  /** False until it has been asked up to when the sources show everything. */
  isKnown: boolean;
  /** Words of every question of a page: as of when, under which charter. */
  base: Record<string, string | undefined>;
}

/** What people call a period, by the charter's own calendar. */
export function usePeriodName(): (name: string) => string {
  const { periods } = useWords();
  const locale = useLocale();
  return (name) => periodName(periods, name, locale);
}

/** The period of the page as the address says it, or the one that runs. */
function useWhole(): string | undefined {
  const { address } = useHere();
  const { periods } = useWords();
  return address.period === ALL ? undefined : (address.period ?? running(periods));
}

interface Compared {
  period: string;
  before: string | undefined;
  name: string;
  beforeName: string;
  /** Whether both are cut at the same day, so that no word like “previous” says which they are. */
  isMatched: boolean;
}

/** The page's period beside another: all of both, or of one that runs as many days of both. */
export function useBeside(compare: string): Compared | null {
  const whole = useWhole();
  const { periods, horizon } = useWords();
  const m = useMessages();
  const locale = useLocale();
  if (!whole) return null;
  const of = beside(periods, whole, compare, horizon);
  const called = (name: string) => periodName(periods, name, locale);
  const said = (name: string, day: number | null) =>
    day === null ? called(name) : m.besides.toDay(called(name), day);
  const other = comparedWith(periods, whole, compare);
  return {
    period: of.period,
    before: of.before,
    name: said(whole, of.day),
    beforeName: other
      ? said(other, of.dayBefore)
      : m.sentence.inside(m.bar[compare === "year-ago" ? "yearAgo" : "previous"]),
    isMatched: of.day !== null,
  };
}

/** Which period the page is about. */
export function useWhen(): When {
  const { address } = useHere();
  const { isSettled } = useWords();
  const m = useMessages();
  const periodName = usePeriodName();
  const whole = useWhole();
  const compared = useBeside(address.compare ?? "");
  const isCompared = Boolean(address.compare) && compared?.before !== undefined;
  const wholeName = whole ? periodName(whole) : m.bar.allTime;
  return {
    period: isCompared ? compared?.period : whole,
    whole,
    before: isCompared ? compared?.before : undefined,
    name: isCompared ? (compared?.name ?? wholeName) : wholeName,
    wholeName,
    beforeName: isCompared ? (compared?.beforeName ?? "") : "",
    isKnown: address.period !== undefined || isSettled,
    base: shared(address),
  };
}
