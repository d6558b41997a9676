//! A proposed charter: why, what it changes in words and in figures, who signed, what was said.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type DraftShown, draftQuery, isOpen, type Draft as Listed, withdraw } from "@/api/charter";
import { useMay } from "@/api/queries";
import { day } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Area, Button, Field, Form } from "@/ui/field";
import { useHere } from "@/ui/here";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import { Sheet } from "@/ui/sheet";
import { Span } from "@/ui/span";
import { Answered } from "@/ui/state";
import { tell } from "@/ui/toast";
import { Changes } from "./changes";
import { Discussion } from "./discussion";
import { Files } from "./files";
import css from "./page.module.css";
import { Rehearsal } from "./rehearsal";
import { Signatures } from "./signatures";

export function Draft({ name }: { name: string }) {
  const query = useQuery(draftQuery(name));
  return (
    <Answered query={query} height={600}>
      {(shown) => (
        <>
          <Span of="seven">
            <Head shown={shown} />
          </Span>
          <Span of="five">
            <Signatures shown={shown} />
          </Span>
          <Changes changes={shown.changes} />
          <Rehearsal draft={shown.draft} />
          <Discussion shown={shown} />
          <Files shown={shown} />
        </>
      )}
    </Answered>
  );
}

function Head({ shown }: { shown: DraftShown }) {
  const m = useMessages();
  const locale = useLocale();
  const { go } = useHere();
  const mayPropose = useMay("propose");
  const { draft, replaces, withdrawn } = shown;
  const [isLeaving, setLeaving] = useState(false);
  const actions = mayPropose ? (
    <>
      <Button onClick={() => go({ tab: "propose", of: draft.name, show: "" })}>
        {m.charter.goOn}
      </Button>
      {isOpen(draft) ? (
        <Button kind="danger" onClick={() => setLeaving(true)}>
          {m.charter.withdraw}
        </Button>
      ) : null}
    </>
  ) : null;
  return (
    <Panel
      title={draft.name}
      means={m.charter.standings[draft.standing] ?? draft.standing}
      actions={actions}
    >
      <p className={css.whyLarge}>{draft.why}</p>
      <dl className={css.facts}>
        <div>
          <dt>{m.charter.by}</dt>
          <dd>
            {draft.by}, <Moment at={draft.at} />
          </dd>
        </div>
        <div>
          <dt>{m.charter.mode}</dt>
          <dd>
            {draft.mode === "forward-only" ? m.charter.forwardMeans : m.charter.retroactiveMeans}
          </dd>
        </div>
        <div>
          <dt>{m.charter.replaces}</dt>
          <dd>
            {replaces.name ?? short(replaces.hash)}
            {replaces.is_in_force ? `, ${m.charter.isInForce}` : null}
            {replaces.from ? `, ${m.charter.agreedFrom(day(replaces.from, locale))}` : null}
          </dd>
        </div>
        <div>
          <dt>{m.charter.hash}</dt>
          <dd>
            <code>{short(draft.hash)}</code>
          </dd>
        </div>
        {withdrawn ? (
          <div>
            <dt>{m.charter.withdrawnBy}</dt>
            <dd>
              {withdrawn.by}, <Moment at={withdrawn.at} />: {withdrawn.words}
            </dd>
          </div>
        ) : null}
      </dl>
      {isLeaving ? <Withdraw draft={draft} close={() => setLeaving(false)} /> : null}
    </Panel>
  );
}

export const short = (hash: string) => hash.replace(/^\w+:/, "").slice(0, 12);

function Withdraw({ draft, close }: { draft: Listed; close: () => void }) {
  const m = useMessages();
  const doing = useAct();
  const [words, setWords] = useState("");
  const [password, setPassword] = useState("");
  // What carries a signature is ended by a signer's key alone.
  const needsKey = draft.signatures.length > 0;
  const submit = async () => {
    const given = { words: words.trim(), ...(password ? { password } : {}) };
    if (!(await doing.run(() => withdraw(draft.name, given)))) return;
    close();
    tell(m.charter.withdrew(draft.name));
  };
  return (
    <Sheet title={m.charter.withdrawAsk(draft.name)} close={close}>
      <Form
        send={m.charter.withdraw}
        isDanger
        isBusy={doing.isBusy}
        error={doing.error}
        submit={() => void submit()}
        beside={
          <Button kind="quiet" onClick={close}>
            {m.sure.not}
          </Button>
        }
      >
        <p>{m.charter.withdrawMeans}</p>
        <Area label={m.charter.whyWithdraw} value={words} put={setWords} most={4000} isRequired />
        {needsKey ? (
          <Field
            label={m.charter.password}
            type="password"
            value={password}
            put={setPassword}
            complete="current-password"
            most={1024}
            help={m.charter.withdrawKey}
            isRequired
          />
        ) : null}
      </Form>
    </Sheet>
  );
}
