//! Signing in.

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { act } from "@/api/client";
import { goToProvider } from "@/api/people";
import { client, sessionQuery } from "@/api/queries";
import type { Address } from "@/lib/address";
import { useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Trouble } from "@/ui/state";
import { EntryFrame } from "./frame";
import css from "./frame.module.css";

/** Only a place of ours: an address that another page made must not lead away from here. */
export function ownPath(text: string | undefined): string {
  return text && /^\/(?![/\\])/.test(text) && !text.startsWith("/sign-in") ? text : "/";
}

export function SignIn() {
  const m = useMessages();
  const navigate = useNavigate();
  const address = useSearch({ strict: false }) as Address;
  const back = ownPath(address.show);
  const session = useQuery(sessionQuery);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isSending, setSending] = useState(false);
  const enter = async (path: string, body?: unknown) => {
    setSending(true);
    setError(null);
    try {
      await act("POST", path, body);
      client.clear();
      await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
      await navigate({ href: back });
    } catch (problem) {
      setError(problem);
      setPassword("");
    } finally {
      setSending(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void enter("/api/v1/session", { email, password });
  };
  return (
    <EntryFrame title={m.entry.title}>
      {error ? <Trouble error={error} /> : null}
      {address.refused && !error ? (
        <p className={css.refused} role="alert">
          {Object.hasOwn(m.entry.refused, address.refused)
            ? m.entry.refused[address.refused]
            : m.entry.refusedElse}
        </p>
      ) : null}
      <form onSubmit={submit} className={css.form}>
        <TextInput
          label={m.entry.email}
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <PasswordInput
          label={m.entry.password}
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" size="sm" loading={isSending}>
          {m.entry.signIn}
        </Button>
      </form>
      {session.data?.provider ? <Provider name={session.data.provider.name} back={back} /> : null}
      {session.data?.is_demo ? (
        <div className={css.or}>
          <Button
            variant="default"
            size="sm"
            fullWidth
            disabled={isSending}
            onClick={() => void enter("/api/v1/session/guest")}
          >
            {m.entry.guest}
          </Button>
          <p className={css.means}>{m.entry.guestMeans}</p>
        </div>
      ) : null}
      {session.data?.needs_set_up ? (
        <p className={css.means}>
          <Link to="/setup">{m.entry.nobody}</Link>
        </p>
      ) : null}
    </EntryFrame>
  );
}

/** The company's own door. */
function Provider({ name, back }: { name: string; back: string }) {
  const m = useMessages();
  const doing = useAct();
  const go = () => goToProvider({ purpose: "sign_in", place: back });
  return (
    <div className={css.or}>
      <Button
        variant="default"
        size="sm"
        fullWidth
        loading={doing.isBusy}
        onClick={() => void doing.run(go)}
      >
        {m.entry.signInBy(name)}
      </Button>
      {doing.error ? <Trouble error={doing.error} /> : null}
    </div>
  );
}
