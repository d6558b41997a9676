//! The rail: twelve words.

import { IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useBook } from "@/api/queries";
import { kept } from "@/lib/address";
import { useMessages } from "@/lib/i18n";
import { useHere } from "@/ui/here";
import { PAGES } from "./pages";
import css from "./rail.module.css";

export function Rail({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const m = useMessages();
  const book = useBook();
  const { address } = useHere();
  return (
    <>
      {isOpen ? (
        <button type="button" className={css.veil} onClick={close} aria-label={m.nav.close} />
      ) : null}
      <nav className={`${css.rail} ${isOpen ? css.open : ""}`} aria-label={m.nav.main}>
        <div className={css.head}>
          <img src="/mark.svg" alt="" width={22} height={22} />
          <span className={css.company} title={book?.charter?.name ?? book?.name}>
            {book?.charter?.name ?? book?.name ?? m.name}
          </span>
          <button type="button" className={css.close} onClick={close} aria-label={m.nav.close}>
            <IconX size={18} />
          </button>
        </div>
        <ul>
          {PAGES.map(({ id, path, icon: Icon, key }) => (
            <li key={id}>
              <Link
                to={path}
                search={kept(address)}
                activeOptions={{ exact: path === "/", includeSearch: false }}
                className={css.link}
                activeProps={{ className: `${css.link} ${css.here}`, "aria-current": "page" }}
              >
                <Icon size={17} stroke={1.6} aria-hidden="true" />
                <span>{m.nav[id]}</span>
                <kbd aria-hidden="true">g {key}</kbd>
              </Link>
            </li>
          ))}
        </ul>
        {book?.is_demo ? <p className={css.demo}>{m.bar.demo}</p> : null}
      </nav>
    </>
  );
}
