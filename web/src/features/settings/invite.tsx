//! Inviting somebody: what they will be, and the link by which they come, shown once.

import { useState } from "react";
import { type Invited, invite } from "@/api/people";
import { useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Button, Field, Form, Pair } from "@/ui/field";
import { Sheet } from "@/ui/sheet";
import { type Who, WhoFields } from "./who";

interface InviteProps {
  close: () => void;
  done: (made: Invited) => void;
}

export function InviteSheet({ close, done }: InviteProps) {
  const m = useMessages();
  const doing = useAct();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [who, setWho] = useState<Who>({ role: "viewer", sides: [], teams: [] });
  const submit = () =>
    doing.run(async () => done(await invite({ name: name.trim(), email: email.trim(), ...who })));
  return (
    <Sheet title={m.settings.add} close={close}>
      <Form
        send={m.settings.invite}
        isBusy={doing.isBusy}
        error={doing.error}
        submit={() => void submit()}
        beside={
          <Button kind="quiet" onClick={close}>
            {m.settings.cancel}
          </Button>
        }
      >
        <Pair>
          <Field label={m.settings.name} value={name} put={setName} isRequired most={100} />
          <Field
            label={m.settings.email}
            type="email"
            value={email}
            put={setEmail}
            isRequired
            most={254}
          />
        </Pair>
        <WhoFields who={who} put={setWho} />
      </Form>
    </Sheet>
  );
}
