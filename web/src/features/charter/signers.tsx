//! Who may sign for each side, and becoming one of them.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { becomeSigner, documentQuery, SIDES, type Signer } from "@/api/charter";
import { useMay, useSession } from "@/api/queries";
import { useWords } from "@/lib/book";
import { useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Button, Choice, Field, Form } from "@/ui/field";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import { Answered } from "@/ui/state";
import { tell } from "@/ui/toast";
import css from "./page.module.css";

/** The signer whose key is kept for whoever is signed in, whatever they are called by now. */
export function useOwnSigner(side: string): Signer | undefined {
  const signers = useQuery(documentQuery).data?.signers ?? [];
  return signers.find((signer) => signer.side === side && signer.is_own);
}

export function Signers() {
  const m = useMessages();
  const query = useQuery(documentQuery);
  return (
    <Answered query={query} height={160}>
      {({ signers, needs_signatures }) => (
        <Panel
          title={m.charter.signers}
          means={needs_signatures ? m.charter.signersMeans : m.charter.signersNone}
        >
          <div className={css.two}>
            {SIDES.map((side) => (
              <Side key={side} side={side} of={signers.filter((one) => one.side === side)} />
            ))}
          </div>
        </Panel>
      )}
    </Answered>
  );
}

function Side({ side, of }: { side: (typeof SIDES)[number]; of: readonly Signer[] }) {
  const m = useMessages();
  const maySign = useMay(`sign_${side}`);
  const isPerson = useSession()?.kind === "person";
  const own = useOwnSigner(side);
  const [isAsking, setAsking] = useState(false);
  return (
    <section className={css.place} data-side={side}>
      <h3>{m.side[side]}</h3>
      {of.length === 0 ? <p className={css.told}>{m.charter.noSigner}</p> : null}
      <ul>
        {of.map((signer) => (
          <li key={signer.name}>
            <span className={css.signer}>{signer.name}</span>
            <p className={css.told}>
              {m.charter.ofTeam(signer.team)}, {m.charter.sinceWord} <Moment at={signer.since} />
              {signer.voucher ? `, ${m.charter.vouchedBy(signer.voucher)}` : null}
            </p>
          </li>
        ))}
      </ul>
      {maySign && isPerson && !own && !isAsking ? (
        <Button onClick={() => setAsking(true)}>{m.charter.become(m.side[side])}</Button>
      ) : null}
      {maySign && isPerson && !own && isAsking ? <BecomeSigner side={side} /> : null}
    </section>
  );
}

/** A key is made and sealed under the password; a side that has signers vouches for a new one. */
export function BecomeSigner({ side }: { side: string }) {
  const m = useMessages();
  const words = useWords();
  const doing = useAct();
  const known = useQuery(documentQuery).data?.signers ?? [];
  const others = known.filter((signer) => signer.side === side);
  const teams = words.teams.filter((team) => team.side === side);
  const [team, setTeam] = useState(teams[0]?.id ?? "");
  const [password, setPassword] = useState("");
  const [voucher, setVoucher] = useState({ email: "", password: "" });
  const submit = async () => {
    const given = { team, password, ...(others.length > 0 ? { voucher } : {}) };
    if (await doing.run(() => becomeSigner(given))) {
      tell(m.charter.became);
      return;
    }
    setPassword("");
    setVoucher({ ...voucher, password: "" });
  };
  if (teams.length === 0) return <p className={css.told}>{m.charter.noTeam}</p>;
  return (
    <Form
      send={m.charter.becomeDo}
      isBusy={doing.isBusy}
      error={doing.error}
      submit={() => void submit()}
    >
      <p className={css.told}>{m.charter.becomeMeans}</p>
      <Choice
        label={m.charter.team}
        value={team}
        put={setTeam}
        options={teams.map(({ id }) => ({ id, name: id }))}
      />
      <Field
        label={m.charter.password}
        type="password"
        value={password}
        put={setPassword}
        complete="current-password"
        most={1024}
        isRequired
      />
      {others.length > 0 ? (
        <>
          <p className={css.told}>
            {m.charter.voucherMeans(others.map((signer) => signer.name).join(", "))}
          </p>
          <Field
            label={m.charter.voucherEmail}
            type="email"
            value={voucher.email}
            put={(email) => setVoucher({ ...voucher, email })}
            most={320}
            isRequired
          />
          <Field
            label={m.charter.voucherPassword}
            type="password"
            value={voucher.password}
            put={(next) => setVoucher({ ...voucher, password: next })}
            most={1024}
            isRequired
          />
        </>
      ) : null}
    </Form>
  );
}
