//! Keys by which sources send their events: one source each, shown once.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { endKey, type Key, keysQuery, type MadeKey, makeKey } from "@/api/people";
import { useBook } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Button, Choice, Field, Form, Pair } from "@/ui/field";
import { Acts, Grid } from "@/ui/grid";
import { useHere } from "@/ui/here";
import { Moment } from "@/ui/moment";
import { Once } from "@/ui/once";
import { Panel } from "@/ui/panel";
import { Sheet } from "@/ui/sheet";
import { Answered, Empty } from "@/ui/state";
import { Sure } from "@/ui/sure";
import { tell } from "@/ui/toast";

const MAKE = "make";

export function Keys() {
  const m = useMessages();
  const { address, go } = useHere();
  const query = useQuery(keysQuery);
  const [made, setMade] = useState<MadeKey | null>(null);
  const close = () => go({ show: "" });
  const make = (
    <Button kind="main" onClick={() => go({ show: MAKE })}>
      {m.settings.makeKey}
    </Button>
  );
  return (
    <Panel title={m.settings.keys} means={m.settings.keysMeans} actions={make}>
      {made ? (
        <Once
          title={m.settings.keyOf(made.key.source)}
          means={m.settings.copyNow}
          secret={made.secret}
          done={() => setMade(null)}
        />
      ) : null}
      <Answered query={query} height={160}>
        {({ keys }) =>
          keys.length === 0 ? (
            <Empty title={m.settings.noKeys}>{m.settings.noKeysText}</Empty>
          ) : (
            <Rows keys={keys} />
          )
        }
      </Answered>
      {address.show === MAKE ? (
        <Make
          close={close}
          done={(key) => {
            setMade(key);
            close();
          }}
        />
      ) : null}
    </Panel>
  );
}

function Rows({ keys }: { keys: readonly Key[] }) {
  const m = useMessages();
  const [ending, setEnding] = useState<Key | null>(null);
  const head = [m.settings.keyName, m.settings.source, m.settings.made, m.settings.used, ""];
  return (
    <>
      <Grid label={m.settings.keys} head={head}>
        {keys.map((key) => (
          <tr key={key.id}>
            <th scope="row">{key.name}</th>
            <td>{key.source}</td>
            <td>
              <Moment at={key.made} />
            </td>
            <td>{key.used ? <Moment at={key.used} /> : m.settings.never}</td>
            <Acts>
              <button type="button" onClick={() => setEnding(key)}>
                {m.settings.revoke}
              </button>
            </Acts>
          </tr>
        ))}
      </Grid>
      {ending ? (
        <Sure
          title={m.settings.revokeAsk(ending.name)}
          means={m.settings.keyEndMeans(ending.source)}
          act={m.settings.revoke}
          run={async () => {
            await endKey(ending.id);
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
  done: (made: MadeKey) => void;
}

function Make({ close, done }: MakeProps) {
  const m = useMessages();
  const doing = useAct();
  const sources = useBook()?.sources ?? [];
  const [name, setName] = useState("");
  const [chosen, setSource] = useState("");
  const source = chosen || (sources[0] ?? "");
  const submit = () => doing.run(async () => done(await makeKey({ name: name.trim(), source })));
  return (
    <Sheet title={m.settings.makeKey} close={close}>
      <Form
        send={m.settings.makeIt}
        isBusy={doing.isBusy}
        isOff={source === ""}
        error={doing.error}
        submit={() => void submit()}
        beside={
          <Button kind="quiet" onClick={close}>
            {m.settings.cancel}
          </Button>
        }
      >
        <Pair>
          <Choice
            label={m.settings.source}
            value={source}
            put={setSource}
            options={sources.map((id) => ({ id, name: id }))}
            help={sources.length > 0 ? m.settings.keySourceHelp : m.settings.noSource}
            isRequired
          />
          <Field
            label={m.settings.keyName}
            value={name}
            put={setName}
            isRequired
            most={100}
            placeholder={m.settings.keyNameExample}
          />
        </Pair>
      </Form>
    </Sheet>
  );
}
