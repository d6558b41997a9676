//! How a quotient of two whole numbers becomes digits: exactly, and of two equally near the even one.
//! The terminal writes the same figures by the same law, and both are held to one table of cases,
//! `crates/cli/tests/fixtures/rounding.txt`.

/** The whole number nearest to a quotient; of two equally near, the even one. Of nothing there is none. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint | null {
  if (divisor === 0n) return null;
  const [above, below] = divisor < 0n ? [-dividend, -divisor] : [dividend, divisor];
  const cut = above / below;
  const floor = above % below < 0n ? cut - 1n : cut;
  const twice = 2n * (above - floor * below);
  const isUp = twice > below || (twice === below && floor % 2n !== 0n);
  return isUp ? floor + 1n : floor;
}

const tens = (places: number): bigint => 10n ** BigInt(places);

/** A quotient in units of its last place: 1 of 8 to three places is 125. */
export function quotient(part: bigint, whole: bigint, places: number): bigint | null {
  return divideHalfEven(part * tens(places), whole);
}
