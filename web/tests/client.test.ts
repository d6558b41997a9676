//! What the client does with a broken line and with a refusal: an act is done once, and only whoever
//! has no session is sent away.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { act, onSignedOut, Refused, Unreachable } from "@/api/client";

const answers: (() => Response)[] = [];
const keys: (string | null)[] = [];

beforeEach(() => {
  answers.length = 0;
  keys.length = 0;
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    keys.push(new Headers(init.headers).get("idempotency-key"));
    const next = answers.shift();
    return next ? Promise.resolve(next()) : Promise.reject(new TypeError("the line broke"));
  });
});
afterEach(() => vi.unstubAllGlobals());

const refusal = (status: number, code: string) => () =>
  new Response(JSON.stringify({ type: "about:blank", title: "no", status, code }), {
    status,
    headers: { "content-type": "application/problem+json" },
  });
const done = () => new Response(JSON.stringify({ seq: 7 }));

it("an act sent again after a broken line or a fault has the key of the first time", async () => {
  const story = { team: "demand", story: "The webinar." };
  await expect(act("POST", "/api/v1/deals/D/disputes", story)).rejects.toThrow(Unreachable);
  answers.push(refusal(503, "E0603"), done, done);
  await expect(act("POST", "/api/v1/deals/D/disputes", story)).rejects.toThrow(Refused);
  await act("POST", "/api/v1/deals/D/disputes", story);
  await act("POST", "/api/v1/deals/D/disputes", story);
  const [first, second, third, another] = keys;
  expect([second, third]).toEqual([first, first]);
  // It is known to be done: who says the same once more means it.
  expect(another).not.toBe(first);
});

it("another act, or the same after it was refused, has a key of its own", async () => {
  answers.push(refusal(400, "E0624"), done, done);
  await expect(act("POST", "/api/v1/tokens", { name: "" })).rejects.toThrow(Refused);
  await act("POST", "/api/v1/tokens", { name: "" });
  await act("POST", "/api/v1/tokens", { name: "b" });
  expect(new Set(keys).size).toBe(3);
});

it("a password that does not fit leaves the page; a session that is over leads to the door", async () => {
  const left = vi.fn();
  const forget = onSignedOut(left);
  answers.push(refusal(401, "E0610"), refusal(401, "E0620"));
  const sign = () => act("POST", "/api/v1/charter/drafts/d/sign", { password: "wrong" });
  await expect(sign()).rejects.toThrow(Refused);
  expect(left).not.toHaveBeenCalled();
  await expect(sign()).rejects.toThrow(Refused);
  expect(left).toHaveBeenCalledOnce();
  forget();
});
