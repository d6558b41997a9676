//! Closed periods: what was told, what became of it since and why, and balances that people vouch
//! for. Closing stops nothing; it keeps what was said.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { periodsQuery } from "@/api/periods";
import { useMay, useSession, useVersion } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { Button } from "@/ui/field";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Answered } from "@/ui/state";
import { Balances } from "./balances";
import { CloseSheet, Closes } from "./closes";
import { Restatements } from "./restated";

export function PeriodsPage() {
  const m = useMessages();
  const query = useQuery(periodsQuery(useVersion()));
  const may = useMay("close");
  const isPerson = useSession()?.kind === "person";
  const [isClosing, setClosing] = useState(false);
  const mayClose = may && isPerson;
  const button = mayClose ? (
    <Button kind="main" onClick={() => setClosing(true)}>
      {m.periods.close}
    </Button>
  ) : null;
  return (
    <Page question={m.periods.question}>
      <Answered query={query} height={420}>
        {({ closes, balances }) => (
          <>
            <Panel title={m.periods.closed} means={m.periods.closedMeans} actions={button}>
              <Closes of={closes} mayClose={mayClose} />
            </Panel>
            {closes.length > 0 ? <Restatements /> : null}
            <Balances of={balances} mayVouch={mayClose} />
          </>
        )}
      </Answered>
      {isClosing ? <CloseSheet close={() => setClosing(false)} /> : null}
    </Page>
  );
}
