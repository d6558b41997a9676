//! Saved views: a page with its words under a name, for oneself or for everybody.

import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { useState } from "react";
import { useMay, useSession } from "@/api/queries";
import { dropView, keepView, type View, viewsQuery } from "@/api/saved";
import { useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Field, Form, Tick } from "@/ui/field";
import { Answered, Trouble } from "@/ui/state";
import { tell } from "@/ui/toast";
import css from "./views.module.css";

interface ViewsProps {
  /** Opens an address of the application. */
  open: (address: string) => void;
}

export function Views({ open }: ViewsProps) {
  const m = useMessages();
  const query = useQuery(viewsQuery);
  const mayKeep = useMay("note");
  const isPerson = useSession()?.kind === "person";
  return (
    <div className={css.views}>
      <Answered query={query} height={60}>
        {(views) => (
          <>
            <List title={m.views.own} of={views.filter((view) => view.is_own)} open={open} />
            <List title={m.views.shared} of={views.filter((view) => !view.is_own)} open={open} />
            {views.length === 0 ? <p className={css.none}>{m.views.none}</p> : null}
          </>
        )}
      </Answered>
      {mayKeep && isPerson ? <Keep /> : <p className={css.none}>{m.views.mayNot}</p>}
    </div>
  );
}

interface ListProps extends ViewsProps {
  title: string;
  of: readonly View[];
}

function List({ title, of, open }: ListProps) {
  const m = useMessages();
  const doing = useAct();
  const drop = async (view: View) => {
    const { name, address, is_shared } = view;
    if (!(await doing.run(() => dropView(view.id)))) return;
    tell(m.views.dropped(name), () => keepView({ name, address, is_shared }));
  };
  if (of.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      {doing.error ? <Trouble error={doing.error} /> : null}
      <ul>
        {of.map((view) => (
          <li key={view.id}>
            <a
              href={view.address}
              data-tip={view.address}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                open(view.address);
              }}
            >
              {view.name}
              <span>
                {view.is_own ? (view.is_shared ? m.views.isShared : "") : (view.by ?? m.notes.gone)}
              </span>
            </a>
            {view.is_own ? (
              <button
                type="button"
                aria-label={m.views.drop(view.name)}
                data-tip={m.views.drop(view.name)}
                disabled={doing.isBusy}
                onClick={() => void drop(view)}
              >
                ×
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The page as it stands, its records drawer included. */
function Keep() {
  const m = useMessages();
  const doing = useAct();
  const address = useRouterState({ select: (state) => state.location.href });
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  const submit = async () => {
    const given = { name: name.trim(), address, is_shared: isShared };
    if (!(await doing.run(() => keepView(given)))) return;
    setName("");
    setShared(false);
    tell(m.views.kept(given.name));
  };
  return (
    <section className={css.keep}>
      <Form
        send={m.views.keep}
        isBusy={doing.isBusy}
        error={doing.error}
        submit={() => void submit()}
      >
        <Field label={m.views.name} value={name} put={setName} most={100} isRequired />
        <Tick label={m.views.share} value={isShared} put={setShared} />
      </Form>
    </section>
  );
}
