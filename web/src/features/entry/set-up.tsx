//! The first owner of a book, who proves by a token of the console to be at the machine.

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { act } from "@/api/client";
import { client } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { Trouble } from "@/ui/state";
import { EntryFrame } from "./frame";
import css from "./frame.module.css";

const NOTHING = { token: "", name: "", email: "", password: "" };

export function SetUp() {
  const m = useMessages();
  const navigate = useNavigate();
  const [said, setSaid] = useState(NOTHING);
  const [error, setError] = useState<unknown>(null);
  const [isSending, setSending] = useState(false);
  const put = (word: keyof typeof NOTHING) => (event: { target: { value: string } }) =>
    setSaid({ ...said, [word]: event.target.value });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSending(true);
    setError(null);
    try {
      await act("POST", "/api/v1/setup", said);
      client.clear();
      await navigate({ to: "/" });
    } catch (problem) {
      setError(problem);
    } finally {
      setSending(false);
    }
  };
  return (
    <EntryFrame title={m.entry.setupTitle}>
      <p className={css.means}>{m.entry.setupMeans}</p>
      {error ? <Trouble error={error} /> : null}
      <form onSubmit={(event) => void submit(event)} className={css.form}>
        <TextInput
          label={m.entry.token}
          required
          autoComplete="one-time-code"
          value={said.token}
          onChange={put("token")}
        />
        <TextInput
          label={m.entry.yourName}
          required
          autoComplete="name"
          value={said.name}
          onChange={put("name")}
        />
        <TextInput
          label={m.entry.email}
          type="email"
          required
          autoComplete="username"
          value={said.email}
          onChange={put("email")}
        />
        <PasswordInput
          label={m.entry.password}
          description={m.entry.passwordHelp}
          required
          minLength={12}
          autoComplete="new-password"
          value={said.password}
          onChange={put("password")}
        />
        <Button type="submit" size="sm" loading={isSending}>
          {m.entry.setup}
        </Button>
      </form>
    </EntryFrame>
  );
}
