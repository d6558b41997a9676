//! An address that leads nowhere.

import { Link } from "@tanstack/react-router";
import { useMessages } from "@/lib/i18n";
import { Empty } from "@/ui/state";

export function NotFound() {
  const m = useMessages();
  return (
    <Empty title={m.state.notFound} head="h1" action={<Link to="/">{m.state.home}</Link>}>
      {m.state.notFoundText}
    </Empty>
  );
}
