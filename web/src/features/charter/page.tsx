//! The charter: what both teams agreed that their words mean, as a document; what is proposed in its
//! place; and how they came to it.

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { documentQuery, draftsQuery, isOpen } from "@/api/charter";
import { useBook } from "@/api/queries";
import { charterWords, useWords, type Words, WordsProvider } from "@/lib/book";
import { moment } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { useHere } from "@/ui/here";
import { Page, Tabs } from "@/ui/page";
import { Empty } from "@/ui/state";
import { Brand } from "./brand";
import { Draft } from "./draft";
import { Drafts } from "./drafts";
import { Log } from "./log";
import { Propose } from "./propose";
import { Rules } from "./rules";
import { Stages } from "./stages";
import { Vision } from "./vision";
import { Lexicon, Teams } from "./words";

const TABS = ["stages", "words", "teams", "rules", "brand", "drafts", "log"] as const;

export function CharterPage() {
  const m = useMessages();
  const { address, go } = useHere();
  const book = useBook();
  const charter = book?.charter;
  const drafts = useQuery(draftsQuery).data ?? [];
  const isProposing = address.tab === "propose";
  const now = isProposing ? "drafts" : (TABS.find((tab) => tab === address.tab) ?? "stages");
  const open = drafts.filter(isOpen).length;
  const today = useToday();
  // Brand is figures, which are as of the page; all else is one document, and that of now.
  const isOld = Boolean(address["as-of"] || address.charter) && now !== "brand";
  const tabs = TABS.map((id) => ({
    id,
    name:
      id === "brand"
        ? m.brand.tab
        : id === "drafts" && open > 0
          ? m.charter.draftsOpen(open)
          : m.charter[id],
  }));
  return (
    <Page
      question={m.charter.question}
      sentence={charter ? <InForce /> : null}
      tabs={
        <Tabs
          tabs={tabs}
          now={now}
          put={(id) => go({ tab: id === "stages" ? "" : id, of: "", show: "", step: "", from: "" })}
          label={m.nav.charter}
        />
      }
    >
      {isOld ? <p role="note">{m.besides.charterNow}</p> : null}
      {book && !charter && now !== "drafts" && now !== "log" ? (
        <Empty title={m.charter.none}>{m.charter.noneText}</Empty>
      ) : null}
      <WordsProvider value={today}>
        {charter && now === "stages" ? (
          <>
            <Vision />
            <Stages />
          </>
        ) : null}
        {charter && now === "words" ? <Lexicon /> : null}
        {charter && now === "teams" ? <Teams /> : null}
        {charter && now === "rules" ? <Rules /> : null}
      </WordsProvider>
      {charter && now === "brand" ? <Brand /> : null}
      {now === "drafts" && isProposing ? <Propose key={address.of ?? ""} of={address.of} /> : null}
      {now === "drafts" && !isProposing && address.of ? (
        <Draft key={address.of} name={address.of} />
      ) : null}
      {now === "drafts" && !isProposing && !address.of ? <Drafts /> : null}
      {now === "log" ? <Log /> : null}
    </Page>
  );
}

/** The words of the charter in force, whatever the page is as of: its rules and signatures are of now. */
function useToday(): Words {
  const then = useWords();
  const charter = useBook()?.charter;
  return useMemo(() => (charter ? { ...then, ...charterWords(charter) } : then), [then, charter]);
}

/** Which charter holds, since when, and by whose signatures. */
function InForce() {
  const m = useMessages();
  const locale = useLocale();
  const { zone } = useWords();
  const charter = useBook()?.charter;
  const document = useQuery(documentQuery).data;
  const hash = charter?.hash.replace(/^\w+:/, "").slice(0, 12) ?? "";
  const by = document?.signatures.filter((one) => one.counts) ?? [];
  const told = [
    m.charter.inForce(`${charter?.name} · ${hash}`),
    ...(document?.since ? [m.charter.since(moment(document.since, locale, zone))] : []),
    ...(document?.mode === "forward-only" ? [m.charter.forwardOnly] : []),
    ...by.map((one) =>
      m.charter.signedFor(one.signer, m.side[one.side as keyof typeof m.side] ?? one.side),
    ),
    ...(document && by.length === 0 ? [m.charter.unsigned] : []),
  ];
  return <span>{told.join(", ")}</span>;
}
