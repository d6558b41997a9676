//! Finding a deal by its key, or by a part of it.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Deal } from "@/api/deals";
import { searchQuery, useVersion } from "@/api/queries";
import { type Address, kept } from "@/lib/address";
import { stageName, useWords } from "@/lib/book";
import { money } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { Field, Form } from "@/ui/field";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { usePaused } from "@/ui/paused";
import { Trouble } from "@/ui/state";
import css from "./deal.module.css";

export function FindDeal() {
  const m = useMessages();
  const { go } = useHere();
  const [text, setText] = useState("");
  const wanted = usePaused(text).trim();
  const query = useQuery(searchQuery(wanted, useVersion()));
  const deals = wanted ? (query.data?.deals ?? []) : [];
  return (
    <Panel title={m.deals.oneDeal} means={m.deals.oneDealMeans}>
      <Form
        submit={() => {
          if (text.trim()) go({ of: text.trim() });
        }}
      >
        <Field
          label={m.deals.find}
          type="search"
          value={text}
          put={setText}
          placeholder={m.deals.findExample}
          most={120}
        />
      </Form>
      {query.isError && wanted ? <Trouble error={query.error} /> : null}
      {wanted && query.data && deals.length === 0 ? (
        <p className={css.told}>{m.deals.noneFound}</p>
      ) : null}
      <ul className={css.found}>
        {deals.map((deal) => (
          <Hit key={deal.key} of={deal} />
        ))}
      </ul>
    </Panel>
  );
}

function Hit({ of }: { of: Deal }) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const { stage, outcome, rep } = of.stands;
  const stands = stage ? stageName(words, stage) : wordOf(outcome, m);
  return (
    <li>
      <Link
        to="/deals"
        search={(now: Address) => ({ ...kept(now), of: of.key })}
        className={css.link}
      >
        {of.key}
      </Link>
      <span className={css.told}>
        {[of.account, stands, rep, of.amount ? money(of.amount, locale) : null]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </li>
  );
}
