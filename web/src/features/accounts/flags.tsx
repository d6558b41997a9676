//! Where an account's story contradicts itself: a flag at the instant, whose tip has what both sides
//! say, each with where it says so. It leads to the line in question.

import { nameOf, type Rows } from "@/lib/answer";
import { stageName, useWords, type Words } from "@/lib/book";
import { moment } from "@/lib/format";
import { type Locale, type Messages, saidAs, useLocale, useMessages } from "@/lib/i18n";
import { issueOf } from "@/lib/i18n/templated";
import { type Contradiction, type Flag, sideOf } from "@/lib/journey";
import { Mark } from "@/ui/chart/frame";
import css from "./journey.module.css";

export interface Issue {
  code: string;
  text: string;
}

interface FlagsProps {
  flags: readonly Flag[];
  answer: Rows;
  issues: readonly Issue[];
  at: (instant: Date) => number;
  y: number;
  lead: (line: number) => { href: string; go: () => void };
}

export function Flags({ flags, answer, issues, at, y, lead }: FlagsProps) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const speech = { m, locale, words };
  return (
    <g data-flags>
      {flags.map((flag) => (
        <Mark
          key={flag.line}
          to={lead(flag.line)}
          tip={flag.told.map((one) => toldOf(one, answer, issues, speech)).join("\n")}
          label={`${m.accounts.contradicts(flag.told.length)}, ${moment(flag.at.toISOString(), locale, words.zone)}`}
        >
          {/* Large enough to be pointed at, and no larger than what is free about the line. */}
          <rect x={at(flag.at) - 7} y={y - 10} width={20} height={20} fill="transparent" />
          <path d={`M${at(flag.at)},${y + 8} v-17 l10,4.5 l-9,4`} className={css.flag} />
        </Mark>
      ))}
    </g>
  );
}

interface Speech {
  m: Messages;
  locale: Locale;
  words: Words;
}

/** What is wrong, and the statements of both sides. */
function toldOf(
  { code, line, against }: Contradiction,
  answer: Rows,
  issues: readonly Issue[],
  speech: Speech,
): string {
  const { m } = speech;
  const text = issues.find((issue) => issue.code === code)?.text ?? "";
  const other =
    against === null ? [] : [`${m.accounts.against} ${statement(answer, against, speech)}`];
  return [`⚑ ${issueOf(text, m)} (${code})`, statement(answer, line, speech), ...other].join("\n");
}

/** What a line says, whose it is, and where it says so. */
function statement(answer: Rows, line: number, { m, locale, words }: Speech): string {
  const row = answer.rows[line] ?? [];
  const text = (id: string) => {
    const said = nameOf(answer, row, id);
    return said === "–" || said === "n/a" ? "" : said;
  };
  const when = text("when") && moment(text("when"), locale, words.zone);
  const stage = text("stage");
  const team = text("team");
  const side = team ? sideOf(words.teams, team) : "";
  const what = [
    saidAs(m.lists.happened, text("what")),
    stage && stageName(words, stage),
    text("touch").replaceAll("_", " "),
    text("deal"),
    text("status") && saidAs(m.ids, text("status")),
  ];
  const place = [text("source"), [text("file"), text("line")].filter(Boolean).join(":")];
  return [
    when,
    what.filter(Boolean).join(" "),
    side && saidAs(m.side, side),
    place.filter(Boolean).join(" "),
  ]
    .filter(Boolean)
    .join(" · ");
}
