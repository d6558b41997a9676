//! The address as every part of a page reads it, without each figure subscribing to the router.

import { createContext, useContext } from "react";
import { type Address, type Origin, shared, writeOrigin, writeSearch } from "@/lib/address";
import { useWords } from "@/lib/book";
import { comparedWith, periodName, running } from "@/lib/calendar";

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
  /** As questions take it; none is all time. */
  period: string | undefined;
  /** The period compared with, where one is asked for and has a name. */
  before: string | undefined;
  name: string;
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

/** Which period the page is about. */
export function useWhen(): When {
  const { address } = useHere();
  const { periods, isSettled } = useWords();
  const m = useMessages();
  const locale = useLocale();
  const said = address.period;
  const period = said === ALL ? undefined : (said ?? running(periods));
  const before =
    period && address.compare
      ? (comparedWith(periods, period, address.compare) ?? undefined)
      : undefined;
  return {
    period,
    before,
    name: period ? periodName(periods, period, locale) : m.bar.allTime,
    beforeName: before ? periodName(periods, before, locale) : "",
    isKnown: said !== undefined || isSettled,
    base: shared(address),
  };
}
