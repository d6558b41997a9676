//! Taking an invitation, or a new password by a link. The link's token stands behind `#`, which
//! browsers send nowhere, and is gone from the address once it was used.

import { Button, PasswordInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { acceptLink, goToProvider, readLink } from "@/api/people";
import { client, sessionQuery } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Tick } from "@/ui/field";
import { Trouble, Waiting } from "@/ui/state";
import { EntryFrame } from "./frame";
import css from "./frame.module.css";

export function Invitation() {
  const m = useMessages();
  const [token] = useState(() => window.location.hash.replace(/^#/, ""));
  const query = useQuery({
    queryKey: ["link"],
    queryFn: () => readLink(token),
    enabled: token !== "",
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (token === "") {
    return (
      <EntryFrame title={m.entry.noLink}>
        <p className={css.means}>{m.entry.noLinkText}</p>
        <ToSignIn />
      </EntryFrame>
    );
  }
  if (query.isError) {
    return (
      <EntryFrame title={m.entry.linkOver}>
        <Trouble error={query.error} again={() => void query.refetch()} />
        <ToSignIn />
      </EntryFrame>
    );
  }
  if (!query.data) {
    return (
      <EntryFrame title={m.entry.invitation}>
        <Waiting height={160} />
      </EntryFrame>
    );
  }
  const { name, email, purpose } = query.data;
  const isReset = purpose === "reset";
  return (
    <EntryFrame title={isReset ? m.entry.resetTitle(name) : m.entry.welcome(name)}>
      <p className={css.means}>{isReset ? m.entry.resetMeans : m.entry.invitedAs(email)}</p>
      <Somebody />
      <Accept token={token} email={email} isReset={isReset} />
      {isReset ? null : <ByProvider token={token} />}
    </EntryFrame>
  );
}

/** Whoever is signed in here is signed out by it: they should know. */
function Somebody() {
  const m = useMessages();
  const person = useQuery(sessionQuery).data?.person;
  return person ? <p className={css.refused}>{m.entry.signedInAs(person.name)}</p> : null;
}

function ToSignIn() {
  const m = useMessages();
  return (
    <p className={css.means}>
      <Link to="/sign-in">{m.entry.toSignIn}</Link>
    </p>
  );
}

interface AcceptProps {
  token: string;
  email: string;
  isReset: boolean;
}

function Accept({ token, email, isReset }: AcceptProps) {
  const m = useMessages();
  const navigate = useNavigate();
  const doing = useAct();
  const [password, setPassword] = useState("");
  const [keeps, setKeeps] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await doing.run(() => acceptLink([token, password], keeps)))) return;
    client.clear();
    await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
    await navigate({ to: "/", replace: true });
  };
  return (
    <>
      {doing.error ? <Trouble error={doing.error} /> : null}
      <form onSubmit={(event) => void submit(event)} className={css.form}>
        {/* For whoever keeps passwords: whose this one is. */}
        <input
          className="unseen"
          type="text"
          autoComplete="username"
          value={email}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <PasswordInput
          label={m.entry.choosePassword}
          description={m.entry.passwordHelp}
          required
          minLength={12}
          maxLength={1024}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {isReset ? <Tick label={m.settings.keepTokens} value={keeps} put={setKeeps} /> : null}
        <Button type="submit" size="sm" loading={doing.isBusy}>
          {isReset ? m.entry.resetDo : m.entry.accept}
        </Button>
      </form>
    </>
  );
}

function ByProvider({ token }: { token: string }) {
  const m = useMessages();
  const doing = useAct();
  const provider = useQuery(sessionQuery).data?.provider;
  if (!provider) return null;
  return (
    <div className={css.or}>
      <Button
        variant="default"
        size="sm"
        fullWidth
        loading={doing.isBusy}
        onClick={() => void doing.run(() => goToProvider({ purpose: "invitation", token }))}
      >
        {m.entry.acceptBy(provider.name)}
      </Button>
      {doing.error ? <Trouble error={doing.error} /> : null}
    </div>
  );
}
