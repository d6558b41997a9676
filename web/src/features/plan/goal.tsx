//! The goal of the page, in its sentence: that of the book for a period, or an amount that is typed.

import { Popover } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useMessages } from "@/lib/i18n";
import { useHere, usePeriodName } from "@/ui/here";
import { Choice } from "@/ui/page";
import css from "@/ui/page.module.css";
import { type Asking, usePeriods } from "./asking";

export function Goal({ asking }: { asking: Asking }) {
  const m = useMessages();
  const { address, go } = useHere();
  const periodName = usePeriodName();
  const periods = usePeriods(asking.goals);
  const named = (period: string) => m.plan.goalOf(periodName(period));
  const choices = periods.map((id) => ({ id, name: named(id) }));
  return (
    <>
      <Choice
        name={address.of ? named(address.of) : m.plan.ahead}
        choices={[{ id: "", name: m.plan.ahead }, ...choices]}
        put={(of) => go({ of })}
      />
      <Amount />
    </>
  );
}

/** Another amount than the goals of the book have. */
function Amount() {
  const m = useMessages();
  const { address, go } = useHere();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState(address.goal ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go({ goal: text.trim() });
    setOpen(false);
  };
  return (
    <>
      <Popover
        opened={isOpen}
        onChange={setOpen}
        position="bottom-start"
        width={320}
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button
            type="button"
            className={`${css.word} ${address.goal ? "" : css.open}`}
            onClick={() => {
              setText(address.goal ?? "");
              setOpen(!isOpen);
            }}
          >
            {address.goal ? m.plan.ownIs(address.goal) : m.plan.own}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <form onSubmit={submit} className={css.where}>
            <label>
              <span>{m.plan.ownTitle}</span>
              <input
                value={text}
                onChange={(event) => setText(event.target.value)}
                inputMode="decimal"
                maxLength={24}
                spellCheck={false}
              />
            </label>
            <p>{m.plan.ownHelp}</p>
            <button type="submit">{m.bar.apply}</button>
          </form>
        </Popover.Dropdown>
      </Popover>
      {address.goal ? (
        <button
          type="button"
          className={css.remove}
          aria-label={m.plan.ownRemove}
          onClick={() => go({ goal: "" })}
        >
          ×
        </button>
      ) : null}
    </>
  );
}
