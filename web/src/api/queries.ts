//! What the application asks, as query options: the same question is asked once and kept, by a key
//! that holds every word of it.

import { infiniteQueryOptions, QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { asAnswered, askPath, keyOf, type Origin, type Question } from "@/lib/address";
import { type Messages, useMessages, wordIn } from "@/lib/i18n";
import { meantIn } from "@/lib/i18n/templated";
import { INSTEAD } from "@/lib/said";
import { get, Refused } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Session = Schemas["Session"];
export type Book = Schemas["Book"];
export type Charter = Schemas["InForce"];
export type Stage = Schemas["Stage"];
/** Something that a metric is told behind its name. */
export type Parameter = Schemas["Parameter"];
export type Metric = Schemas["Metric"];
export type Definition = Schemas["Definition"];
export type Reply = Schemas["Reply"];
export type RecordsPage = Schemas["Page"];
export type Accounts = Schemas["Accounts"];
export type Account = Schemas["Account"];
export type Found = Schemas["Found"];
export type DealStory = Schemas["DealStory"];

/** How often an answer that takes long is asked for again before somebody must say so. */
const PATIENCE = 30;

/** Refusals do not change by asking again; a server that is starting may answer the next time. */
export const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What is still being worked out is asked for again when the server says so.
      retry: (failures, error) =>
        error instanceof Refused ? error.after !== null && failures < PATIENCE : failures < 3,
      retryDelay: (failures, error) =>
        error instanceof Refused && error.after !== null
          ? error.after * 1_000
          : Math.min(1_000 * 2 ** failures, 8_000),
      refetchOnWindowFocus: false,
      staleTime: 5_000,
    },
  },
});

const api = (path: string) => `/api/v1${path}`;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => get<Session>(api("/session"), signal),
  staleTime: 60_000,
});

/** Asked again every few seconds, so that a new commit shows without a reload. */
export const bookQuery = queryOptions({
  queryKey: ["book"],
  queryFn: ({ signal }) => get<Book>(api("/book"), signal),
  refetchInterval: 5_000,
  staleTime: 4_000,
});

/** The book as it was known then, or under another charter: its stages and words, not today's. */
export const bookThenQuery = (words: Record<string, string | undefined>, version = "") => {
  const said = Object.entries(words).filter((one): one is [string, string] => Boolean(one[1]));
  const text = new URLSearchParams(said).toString();
  return queryOptions({
    queryKey: ["book", text, version],
    queryFn: ({ signal }) => get<Book>(api(`/book?${text}`), signal),
    enabled: text !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
};

/**
 * `version` is the published commit and the charter in force: with another, live answers are asked
 * again. Only a commit's number fixes what is known; an instant may not be over yet.
 */
export const askQuery = (question: Question | null, version: string | undefined) =>
  queryOptions({
    queryKey: ["ask", question && keyOf(question), isFixed(question) ? "fixed" : version],
    queryFn: ({ signal }) => get<Reply>(askPath(question as Question), signal),
    enabled: question !== null && version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });

const isFixed = (question: Question | null) => /^\d+$/.test(question?.words["as-of"] ?? "");

/** Rows that are fetched at once. */
export const PAGE = 500;

export const recordsQuery = (origin: Origin, version: string | undefined) => {
  const of = ["records", keyOf(origin.question), origin.column, origin.row] as const;
  return infiniteQueryOptions({
    queryKey: [...of, version],
    queryFn: ({ pageParam, signal }) =>
      get<RecordsPage>(recordsPath(origin, "/records", pageParam), signal),
    initialPageParam: 0,
    getNextPageParam: (last: RecordsPage) => {
      const next = (last.after ?? 0) + last.reply.answer.rows.length;
      return next < last.of ? next : undefined;
    },
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // The same figure's records stay while those of a new commit are on their way: whoever writes a
    // note goes on writing.
    placeholderData: (before, query) =>
      JSON.stringify(query?.queryKey.slice(0, of.length)) === JSON.stringify(of)
        ? before
        : undefined,
  });
};

/** Some records of a list of any length: those after so many others. */
export const recordsPageQuery = (origin: Origin, version: string | undefined, after: number) => {
  const { "as-of": asOf, ...words } = origin.question.words;
  const figure = keyOf({ ...origin.question, words });
  const of = ["records", "page", figure, origin.column, origin.row, after] as const;
  const known = isFixed(origin.question) ? "fixed" : version;
  return queryOptions({
    queryKey: [...of, asOf, known] as const,
    queryFn: ({ signal }) => get<RecordsPage>(recordsPath(origin, "/records", after), signal),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // Those of the commit before stay until these are here: whoever writes a note goes on writing.
    placeholderData: (before, query) =>
      JSON.stringify(query?.queryKey.slice(0, of.length)) === JSON.stringify(of)
        ? before
        : undefined,
  });
};

/** The address of a figure's records, or of a file of them. */
export function recordsPath(origin: Origin, part: string, after?: number): string {
  const path = askPath(origin.question, part, { column: origin.column });
  const rows = origin.row.map((cell) => `&row=${encodeURIComponent(cell)}`).join("");
  const page = after === undefined ? "" : `&limit=${PAGE}${after ? `&after=${after}` : ""}`;
  return path + rows + page;
}

/** Accounts that are read at once. */
const ACCOUNTS = 200;

/** Accounts in the order of their names, those with a text in their key or name. */
export const accountsQuery = (search: string, version: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["accounts", search, version],
    queryFn: ({ pageParam, signal }) => {
      const words = new URLSearchParams({ limit: String(ACCOUNTS) });
      if (search) words.set("search", search);
      if (pageParam) words.set("after", String(pageParam));
      return get<Accounts>(api(`/accounts?${words}`), signal);
    },
    initialPageParam: 0,
    getNextPageParam: (last: Accounts) => {
      const next = last.after + last.accounts.length;
      return last.accounts.length > 0 && next < last.of ? next : undefined;
    },
    enabled: version !== undefined,
    // The list stays while the one that fits more letters is on its way.
    placeholderData: (before) => before,
  });

/** More accounts than these are read in pieces by programs, and not by a page. */
const MOST_ACCOUNTS = 50_000;

/** All accounts with a text in their key or name, page by page. */
export async function allAccounts(search: string): Promise<Account[]> {
  const all: Account[] = [];
  for (let of = 1; all.length < of; ) {
    const words = new URLSearchParams({ limit: String(ACCOUNTS), after: String(all.length) });
    if (search) words.set("search", search);
    const page = await get<Accounts>(api(`/accounts?${words}`));
    of = Math.min(page.of, MOST_ACCOUNTS);
    if (page.accounts.length === 0) break;
    all.push(...page.accounts);
  }
  return all;
}

/** Whatever goes by a text; nothing is asked for less than two letters. */
export const searchQuery = (text: string, version: string | undefined) =>
  queryOptions({
    queryKey: ["search", text, version],
    queryFn: ({ signal }) =>
      get<Found>(api(`/search?${new URLSearchParams({ text, limit: "8" })}`), signal),
    enabled: version !== undefined && text.length > 1,
  });

/** The whole story of a deal: its journey, who earns of it, what is disputed. */
export const dealQuery = (key: string, version: string | undefined) =>
  queryOptions({
    queryKey: ["deal", key, version],
    queryFn: ({ signal }) => get<DealStory>(api(`/deals/${encodeURIComponent(key)}`), signal),
    enabled: version !== undefined && key !== "",
    // Whoever writes about a deal goes on writing when a commit comes.
    placeholderData: (before, query) => (query?.queryKey[1] === key ? before : undefined),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const metricsQuery = queryOptions({
  queryKey: ["metrics"],
  queryFn: ({ signal }) => get<Metric[]>(api("/metrics"), signal),
  staleTime: 60_000,
});

export const metricQuery = (name: string) =>
  queryOptions({
    queryKey: ["metric", name],
    queryFn: ({ signal }) => get<Definition>(api(`/metrics/${encodeURIComponent(name)}`), signal),
    staleTime: 60_000,
  });

export const useBook = () => useQuery(bookQuery).data;
export const useSession = () => useQuery(sessionQuery).data;
export const useCharter = (): Charter | null => useBook()?.charter ?? null;

export function useMay(capability: string): boolean {
  return useSession()?.capabilities.includes(capability) ?? false;
}

/** What live answers are of: the published commit under the charter in force. */
export function useVersion(): string | undefined {
  const book = useBook();
  return book && `${book.published} ${book.charter?.hash ?? ""}`;
}

/**
 * A question as of the commit whose answer the page shows, so that records are of the same. While
 * another answer is on its way it is the one before, as on the page.
 */
export function useShown(question: Question): { question: Question; isWaiting: boolean } {
  const { data, isFetching } = useQuery({ ...askQuery(question, useVersion()), enabled: false });
  const last = useRef<{ key: string; question: Question } | null>(null);
  const key = keyOf(question);
  if (data) last.current = { key, question: asAnswered(question, data) };
  const shown = last.current?.key === key ? last.current.question : undefined;
  return { question: shown ?? question, isWaiting: !shown && isFetching };
}

/** The answer to a question, live or as of a moment; what its columns mean is said as the page speaks. */
export function useAsk(question: Question | null) {
  const { lists } = useMessages();
  const select = useCallback((reply: Reply) => meant(reply, lists), [lists]);
  return useQuery({ ...askQuery(question, useVersion()), select });
}

/** English is what the server says. What a metric is stands in the catalogue, by its name. */
function meant(reply: Reply, { means, metricMeans }: Messages["lists"]): Reply {
  if (Object.keys(means).length === 0) return reply;
  const columns = reply.answer.columns.map((column) => {
    const own = wordIn(metricMeans, column.id);
    const isCharters = reply.notes.includes(INSTEAD.replace("{name}", column.id));
    const formula = /: ([^:]+)$/.exec(column.means)?.[1];
    const said = meantIn(means, column.means);
    if (said !== column.means || own === undefined || isCharters) return { ...column, means: said };
    return { ...column, means: formula ? `${own}: ${formula}` : own };
  });
  return { ...reply, answer: { ...reply.answer, columns } };
}
