//! The signatures of a draft, one place for each side. Who looks at it sees the other's signature
//! come, without a reload.

import { useState } from "react";
import {
  type DraftShown,
  isOpen,
  type Rehearsal,
  SIDES,
  type Signature,
  sign,
} from "@/api/charter";
import { client, useMay, useSession } from "@/api/queries";
import { day } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Button, Field, Form, Tick, Ticks } from "@/ui/field";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import { tell } from "@/ui/toast";
import css from "./page.module.css";
import { BecomeSigner, useOwnSigner } from "./signers";

export function Signatures({ shown }: { shown: DraftShown }) {
  const m = useMessages();
  return (
    <Panel
      title={m.charter.signatures}
      means={shown.draft.standing === "differs" ? shown.draft.says : undefined}
    >
      <div className={css.two} aria-live="polite">
        {SIDES.map((side) => (
          <Place key={side} side={side} shown={shown} />
        ))}
      </div>
    </Panel>
  );
}

type Side = (typeof SIDES)[number];

function Place({ side, shown }: { side: Side; shown: DraftShown }) {
  const m = useMessages();
  const maySign = useMay(`sign_${side}`);
  const isPerson = useSession()?.kind === "person";
  const own = useOwnSigner(side);
  const [isSigning, setSigning] = useState(false);
  const given = shown.draft.signatures.find((one) => one.side === side && one.counts);
  const differs = shown.draft.standing === "differs";
  const may = maySign && isPerson && isOpen(shown.draft) && (!given || differs);
  return (
    <section className={css.place} data-side={side} data-signed={given ? "" : undefined}>
      <h3>{m.side[side]}</h3>
      {given ? (
        <Given of={given} />
      ) : (
        <p className={css.told}>
          {isOpen(shown.draft) ? m.charter.awaits(m.side[side]) : m.charter.neverSigned}
        </p>
      )}
      {may && !isSigning ? (
        <Button kind="main" onClick={() => setSigning(true)}>
          {m.charter.sign(m.side[side])}
        </Button>
      ) : null}
      {may && isSigning && own ? (
        <Sign side={side} shown={shown} close={() => setSigning(false)} />
      ) : null}
      {may && isSigning && !own ? <BecomeSigner side={side} /> : null}
    </section>
  );
}

function Given({ of }: { of: Signature }) {
  const m = useMessages();
  const locale = useLocale();
  return (
    <>
      <p className={css.signer}>{of.signer}</p>
      <p className={css.told}>
        <Moment at={of.at} />, {m.charter.from(day(of.from, locale))}
      </p>
      {of.conceding.map((one) => (
        <p key={one.definition} className={css.concedes}>
          {m.charter.concedes(one.definition)}: {one.words}
        </p>
      ))}
      {of.overturns > 0 ? (
        <p className={css.concedes}>{m.charter.overturns(of.overturns, of.overturning)}</p>
      ) : null}
    </>
  );
}

interface SignProps {
  side: Side;
  shown: DraftShown;
  close: () => void;
}

/** Signing asks for the password each time: a browser that was left open signs nothing. */
function Sign({ side, shown, close }: SignProps) {
  const m = useMessages();
  const doing = useAct();
  const [password, setPassword] = useState("");
  const other = shown.draft.signatures.find((one) => one.side !== side && one.counts);
  const [from, setFrom] = useState("");
  const [giving, setGiving] = useState<Record<string, string>>({});
  const tried = useOverturned(shown.draft.name);
  const [overturning, setOverturning] = useState<string[]>([]);
  const all = shown.changes.filter((one) => one.may_concede).map((one) => one.what);
  const mayGive = [...new Set(all)];
  const submit = async () => {
    const conceding = Object.entries(giving).map(([what, why]) => `${what}: ${why.trim()}`);
    const given = { password, conceding, overturning, ...(from ? { from } : {}) };
    if (!(await doing.run(() => sign(shown.draft.name, given)))) {
      setPassword("");
      return;
    }
    close();
    tell(m.charter.signed(shown.draft.name));
  };
  const turn = (what: string, isOn: boolean) => {
    const { [what]: _, ...others } = giving;
    setGiving(isOn ? { ...others, [what]: "" } : others);
  };
  return (
    <Form
      send={m.charter.sign(m.side[side])}
      isBusy={doing.isBusy}
      error={doing.error}
      submit={() => void submit()}
      beside={
        <Button kind="quiet" onClick={close}>
          {m.sure.not}
        </Button>
      }
    >
      <Field
        label={m.charter.from2}
        type="date"
        value={from}
        put={setFrom}
        help={other ? m.charter.fromOther(other.from) : m.charter.fromToday}
      />
      {mayGive.map((what) => (
        <div key={what}>
          <Tick
            label={m.charter.concede(what)}
            value={what in giving}
            put={(isOn) => turn(what, isOn)}
          />
          {what in giving ? (
            <Field
              label={m.charter.whyConcede}
              value={giving[what] ?? ""}
              put={(why) => setGiving({ ...giving, [what]: why })}
              most={400}
              isRequired
            />
          ) : null}
        </div>
      ))}
      {tried.length > 0 ? (
        <Ticks
          label={m.charter.overturnsAsk}
          value={overturning}
          put={setOverturning}
          options={tried.map((id) => ({ id, name: id }))}
          help={m.charter.overturnsHelp}
        />
      ) : null}
      <Field
        label={m.charter.password}
        type="password"
        value={password}
        put={setPassword}
        complete="current-password"
        most={1024}
        help={m.charter.passwordHelp}
        isRequired
      />
    </Form>
  );
}

/** Deals whose rulings the draft would overturn, as far as somebody rehearsed it here. */
function useOverturned(name: string): string[] {
  const done = client.getQueriesData<Rehearsal>({ queryKey: ["rehearsal", name] });
  const rulings = done.flatMap(([, rehearsal]) => rehearsal?.rulings ?? []);
  return [...new Set(rulings.filter((one) => one.is_overturned).map((one) => one.deal))];
}
