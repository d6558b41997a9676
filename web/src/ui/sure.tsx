//! Before what cannot be undone: what will happen, and, where much hangs on it, a name to be typed.

import { useState } from "react";
import { useMessages } from "@/lib/i18n";
import { useAct } from "./act";
import { Button, Field, Form } from "./field";
import { Sheet } from "./sheet";

interface SureProps {
  title: string;
  /** What it does, and to whom. */
  means: string;
  /** What the button says. */
  act: string;
  /** To be typed before it is done. */
  name?: string;
  run: () => Promise<unknown>;
  close: () => void;
}

export function Sure({ title, means, act, name, run, close }: SureProps) {
  const m = useMessages();
  const doing = useAct();
  const [typed, setTyped] = useState("");
  const submit = async () => {
    if (await doing.run(run)) close();
  };
  return (
    <Sheet title={title} close={close}>
      <Form
        send={act}
        isDanger
        isBusy={doing.isBusy}
        isOff={name !== undefined && typed.trim() !== name.trim()}
        error={doing.error}
        submit={() => void submit()}
        beside={
          <Button kind="quiet" onClick={close}>
            {m.sure.not}
          </Button>
        }
      >
        <p>{means}</p>
        {name === undefined ? null : (
          <Field label={m.sure.typeName(name)} value={typed} put={setTyped} isRequired />
        )}
      </Form>
    </Sheet>
  );
}
