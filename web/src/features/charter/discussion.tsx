//! What people said about a draft, and saying something.

import { useState } from "react";
import { comment, type DraftShown } from "@/api/charter";
import { useMay, useSession } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Area, Field, Form, Tick } from "@/ui/field";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import css from "./page.module.css";

export function Discussion({ shown }: { shown: DraftShown }) {
  const m = useMessages();
  const maySay = useMay("propose");
  const isPerson = useSession()?.kind === "person";
  return (
    <Panel title={m.charter.discussion} means={m.charter.discussionMeans}>
      {shown.discussion.length === 0 ? <p className={css.told}>{m.charter.silent}</p> : null}
      <ol className={css.remarks} aria-live="polite">
        {shown.discussion.map((remark) => (
          <li key={remark.seq}>
            <p className={css.told}>
              <span className={css.signer}>{remark.by}</span>
              {remark.is_signed ? ` · ${m.charter.byKey}` : null} · <Moment at={remark.at} />
            </p>
            <p className={css.words}>{remark.words}</p>
          </li>
        ))}
      </ol>
      {maySay && isPerson ? <Say name={shown.draft.name} /> : null}
    </Panel>
  );
}

function Say({ name }: { name: string }) {
  const m = useMessages();
  const doing = useAct();
  const [words, setWords] = useState("");
  const [isByKey, setByKey] = useState(false);
  const [password, setPassword] = useState("");
  const session = useSession();
  const signs = session?.capabilities.some((one) => one.startsWith("sign_")) ?? false;
  const submit = async () => {
    const given = { words: words.trim(), ...(isByKey ? { password } : {}) };
    if (!(await doing.run(() => comment(name, given)))) return;
    setWords("");
    setPassword("");
    setByKey(false);
  };
  return (
    <Form
      send={m.charter.say}
      isBusy={doing.isBusy}
      isOff={words.trim() === ""}
      error={doing.error}
      submit={() => void submit()}
    >
      <Area label={m.charter.yourWords} value={words} put={setWords} most={4000} />
      {signs ? <Tick label={m.charter.sayByKey} value={isByKey} put={setByKey} /> : null}
      {isByKey ? (
        <Field
          label={m.charter.password}
          type="password"
          value={password}
          put={setPassword}
          complete="current-password"
          most={1024}
          isRequired
        />
      ) : null}
    </Form>
  );
}
