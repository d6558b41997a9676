//! An instant as people say it, in the book's zone; to the second on hover.

import { useWords } from "@/lib/book";
import { moment } from "@/lib/format";
import { useLocale } from "@/lib/i18n";

export function Moment({ at }: { at: string | null | undefined }) {
  const locale = useLocale();
  const { zone } = useWords();
  if (!at) return <span>–</span>;
  return (
    <time dateTime={at} data-tip={at}>
      {moment(at, locale, zone)}
    </time>
  );
}
