//! What mends a refusal on a page. The server's remedies are written for every door, and many name
//! options of the terminal; whoever looks at a page has its bar, its chips and its buttons instead.

import { type Messages, wordIn } from "./i18n";

/** What somebody types into a terminal: an option, a command of ours, a question asked there. */
const OPTION = /(?<![\w-])--([a-z][a-z-]*)/g;
const COMMAND = /(?<![\w./-])handfast [a-z]|(?:^|[,;:(] ?|\b(?:or|then) )ask [a-z]/;

/** Signs of an act of the terminal, where `--by` is who does it and `--name` is of something else. */
const ACT = /(?<![\w./-])handfast (?!ask\b)[a-z]|--(?:as|key|voucher|why|story|forward-only)\b/;

export const optionsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(OPTION)].map((one) => one[1] ?? "")),
];

export const isTyped = (text: string): boolean => optionsIn(text).length > 0 || COMMAND.test(text);

/**
 * The remedy that a page can show: the server's own, where nothing in it is typed into a terminal;
 * else where each option has its place on pages, those that it names first, then those that were
 * refused, but none of an act; null where no page has any of them.
 */
export function remedyOf(
  problem: { title: string; fix?: string | null | undefined },
  messages: Messages,
): string | null {
  const fix = problem.fix ?? "";
  if (!isTyped(fix)) return fix || null;
  for (const text of [fix, problem.title]) {
    if (ACT.test(text)) continue;
    const known = optionsIn(text).flatMap((option) => wordIn(messages.remedies, option) ?? []);
    if (known.length > 0) return [...new Set(known)].join(" ");
  }
  return null;
}
