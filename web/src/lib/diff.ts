//! What one text has that another has not, in lines or in words. For reading alone: what a change
//! means is said by the server, in definitions.

export interface Piece {
  kind: "same" | "out" | "in";
  text: string;
}

/** Beyond so many comparisons the middle is told as one piece out, one piece in. */
const MOST = 4_000_000;

/** The longest common parts of two lists stay; law: what is same or out is `a`, same or in is `b`. */
function compared(a: readonly string[], b: readonly string[]): Piece[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  )
    end += 1;
  const same = (texts: readonly string[]): Piece[] => texts.map((text) => ({ kind: "same", text }));
  return [
    ...same(a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ];
}

function middle(a: readonly string[], b: readonly string[]): Piece[] {
  const out = (text: string): Piece => ({ kind: "out", text });
  const come = (text: string): Piece => ({ kind: "in", text });
  if (a.length * b.length > MOST) return [...a.map(out), ...b.map(come)];
  // How much is common of what follows each pair of places.
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push({ kind: "same", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      pieces.push(out(a[i] ?? ""));
      i += 1;
    } else {
      pieces.push(come(b[j] ?? ""));
      j += 1;
    }
  }
  return pieces;
}

/** Two texts line by line. */
export function lines(was: string, is: string): Piece[] {
  const of = (text: string) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
  return compared(of(was), of(is));
}

/** Two texts word by word; what stands between words belongs to the word before it. */
export function words(was: string, is: string): Piece[] {
  const of = (text: string) => text.match(/\s*\S+\s*|\s+/g) ?? [];
  const pieces: Piece[] = [];
  for (const piece of compared(of(was), of(is))) {
    const last = pieces.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else pieces.push({ ...piece });
  }
  return pieces;
}

export interface Line extends Piece {
  /** Its number in the old and in the new text. */
  was: number | null;
  is: number | null;
}

/** Changed lines with those around them; `null` is a gap where nothing changed. */
export function hunks(pieces: readonly Piece[], around = 2): (Line | null)[] {
  let [was, is] = [0, 0];
  const numbered = pieces.map((piece): Line => {
    if (piece.kind !== "in") was += 1;
    if (piece.kind !== "out") is += 1;
    return {
      ...piece,
      was: piece.kind === "in" ? null : was,
      is: piece.kind === "out" ? null : is,
    };
  });
  const isNear = (at: number) =>
    numbered.slice(Math.max(0, at - around), at + around + 1).some((one) => one.kind !== "same");
  const shown: (Line | null)[] = [];
  for (const [at, line] of numbered.entries()) {
    if (isNear(at)) shown.push(line);
    else if (shown.at(-1) !== null) shown.push(null);
  }
  return shown.length === 1 && shown[0] === null ? [] : shown;
}
