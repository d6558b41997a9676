//! Tokens of programs: what each may, until when, and a new one, shown once.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { endToken, type MadeToken, makeToken, type Token, tokensQuery } from "@/api/people";
import { useSession } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Button, Field, Form, Pair, Ticks } from "@/ui/field";
import { Acts, Grid } from "@/ui/grid";
import { useHere } from "@/ui/here";
import { Moment } from "@/ui/moment";
import { Once } from "@/ui/once";
import { Panel } from "@/ui/panel";
import { Sheet } from "@/ui/sheet";
import { Answered, Empty } from "@/ui/state";
import { Sure } from "@/ui/sure";
import { tell } from "@/ui/toast";
import css from "./page.module.css";

const MAKE = "make";
const MOST_DAYS = 366;

export function Tokens() {
  const m = useMessages();
  const { address, go } = useHere();
  const query = useQuery(tokensQuery);
  const [made, setMade] = useState<MadeToken | null>(null);
  const close = () => go({ show: "" });
  const make = (
    <Button kind="main" onClick={() => go({ show: MAKE })}>
      {m.settings.make}
    </Button>
  );
  return (
    <Panel title={m.settings.tokens} means={m.settings.tokensMeans} actions={make}>
      {made ? (
        <Once
          title={m.settings.tokenOf(made.token.name)}
          means={m.settings.copyNow}
          secret={made.secret}
          done={() => setMade(null)}
        />
      ) : null}
      <Answered query={query} height={160}>
        {({ tokens }) =>
          tokens.length === 0 ? (
            <Empty title={m.settings.noTokens}>{m.settings.noTokensText}</Empty>
          ) : (
            <Rows tokens={tokens} />
          )
        }
      </Answered>
      {address.show === MAKE ? (
        <Make
          close={close}
          done={(token) => {
            setMade(token);
            close();
          }}
        />
      ) : null}
    </Panel>
  );
}

function Rows({ tokens }: { tokens: readonly Token[] }) {
  const m = useMessages();
  const own = useSession()?.person?.id;
  const [ending, setEnding] = useState<Token | null>(null);
  const head = [
    m.settings.label,
    m.settings.scope,
    m.settings.made,
    m.settings.used,
    m.settings.expires,
    "",
  ];
  return (
    <>
      <Grid label={m.settings.tokens} head={head}>
        {tokens.map((token) => (
          <tr key={token.id}>
            <th scope="row">
              {token.name}
              {token.person === own ? null : (
                <span className={css.under}>{m.settings.ofAnother}</span>
              )}
            </th>
            <td>{token.scopes.map((one) => m.settings.rights[one] ?? one).join(", ")}</td>
            <td>
              <Moment at={token.made} />
            </td>
            <td>{token.used ? <Moment at={token.used} /> : m.settings.never}</td>
            <td>
              <Moment at={token.until} />
            </td>
            <Acts>
              <button type="button" onClick={() => setEnding(token)}>
                {m.settings.revoke}
              </button>
            </Acts>
          </tr>
        ))}
      </Grid>
      {ending ? (
        <Sure
          title={m.settings.revokeAsk(ending.name)}
          means={m.settings.revokeMeans}
          act={m.settings.revoke}
          run={async () => {
            await endToken(ending.id);
            tell(m.settings.revoked(ending.name));
          }}
          close={() => setEnding(null)}
        />
      ) : null}
    </>
  );
}

interface MakeProps {
  close: () => void;
  done: (made: MadeToken) => void;
}

function Make({ close, done }: MakeProps) {
  const m = useMessages();
  const doing = useAct();
  const held = useSession()?.capabilities ?? [];
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [scopes, setScopes] = useState<string[]>(["read"]);
  const submit = () =>
    doing.run(async () => done(await makeToken({ name: name.trim(), days: Number(days), scopes })));
  return (
    <Sheet title={m.settings.make} close={close}>
      <Form
        send={m.settings.makeIt}
        isBusy={doing.isBusy}
        isOff={scopes.length === 0}
        error={doing.error}
        submit={() => void submit()}
        beside={
          <Button kind="quiet" onClick={close}>
            {m.settings.cancel}
          </Button>
        }
      >
        <Pair>
          <Field label={m.settings.label} value={name} put={setName} isRequired most={100} />
          <Field
            label={m.settings.days}
            type="number"
            value={days}
            put={setDays}
            least={1}
            most={MOST_DAYS}
            isRequired
            help={m.settings.daysHelp}
          />
        </Pair>
        <Ticks
          label={m.settings.scope}
          value={scopes}
          put={setScopes}
          options={held.map((id) => ({ id, name: m.settings.rights[id] ?? id }))}
          help={m.settings.scopeHelp}
        />
      </Form>
    </Sheet>
  );
}
