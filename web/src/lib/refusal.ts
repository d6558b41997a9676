//! A refusal as a page tells it: in the reader's language, with the server's own sentence where nobody
//! has said it in that language yet.

import type { Messages } from "./i18n";
import { saidIn } from "./i18n/templated";
import { isTyped, remedyOf } from "./remedy";

interface Problem {
  title: string;
  code?: string | null | undefined;
  matters?: string | null | undefined;
  fix?: string | null | undefined;
}

interface Told {
  title: string;
  matters: string | null;
  fix: string | null;
  /** The server's sentences that are told by their code's meaning alone. */
  own: string[];
}

export function refusalOf(problem: Problem, m: Messages): Told {
  const { codes, refused } = m.lists;
  const code = problem.code ?? "";
  const meant = Object.hasOwn(codes, code) ? codes[code] : undefined;
  const { title, matters = null, fix } = problem;
  const onPage = remedyOf(problem, m);
  if (!meant) return { title, matters, fix: onPage, own: [] };
  const said = (text: string | null | undefined) => {
    const told = text ? saidIn(refused, text) : null;
    return told === text ? null : told;
  };
  const told = { title: said(title), matters: said(matters), fix: fix ? said(fix) : null };
  // What is typed into a terminal is none of a page's words.
  const isOfTerminal = isTyped(fix ?? "");
  const own = [
    told.title === null ? title : null,
    told.matters === null ? matters : null,
    told.fix === null && !isOfTerminal ? fix : null,
  ];
  return {
    title: told.title ?? meant[0],
    matters: told.matters,
    fix: isOfTerminal ? (onPage ?? meant[1]) : (told.fix ?? (fix ? meant[1] : null)),
    own: own.filter((text): text is string => Boolean(text)),
  };
}

/** Where it is: a page has its sentence where a terminal has an option, `--where:1: …`. */
export const placeOf = (place: string | null | undefined): string =>
  (place ?? "").replace(/^--[a-z-]+:\d+(?::\d+)*:?\s*/, "");
