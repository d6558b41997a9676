//! Texts that somebody changes while what they began with is changed by others.

export interface Text {
  path: string;
  text: string;
}

const textIn = (files: readonly Text[], path: string) =>
  files.find((file) => file.path === path)?.text;

/** What is new in texts that nobody touched here; what was touched stays as it was typed. */
export function takenOver(
  typed: readonly Text[],
  began: readonly Text[],
  now: readonly Text[],
): Text[] {
  const isUntouched = (file: Text) => textIn(began, file.path) === file.text;
  const still = typed.filter((file) => !isUntouched(file) || textIn(now, file.path) !== undefined);
  const files = still.map(({ path, text }) => ({
    path,
    text: isUntouched({ path, text }) ? (textIn(now, path) ?? text) : text,
  }));
  // A file that somebody left out here stays out, whatever others wrote into it.
  const come = now.filter(
    (file) => textIn(began, file.path) === undefined && textIn(files, file.path) === undefined,
  );
  return [...files, ...come];
}
