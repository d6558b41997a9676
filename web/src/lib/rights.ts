//! Who may do what, for reading: the table of the server, which decides. A test holds the two
//! against each other.

export const ROLES = [
  "viewer",
  "analyst",
  "marketing",
  "sales",
  "admin",
  "owner",
  "guest",
] as const;

type Role = (typeof ROLES)[number];

const some = (text: string): ReadonlySet<Role> => new Set(text.split(" ") as Role[]);
const ALL = some("viewer analyst marketing sales admin owner guest");
const TEAMS = some("analyst marketing sales admin owner");

/** Each right with the roles that have it. The key of a source can send events, and nothing else. */
export const RIGHTS: readonly (readonly [string, ReadonlySet<Role>])[] = [
  ["read", ALL],
  ["personal", some("marketing sales admin owner guest")],
  ["export", some("analyst marketing sales admin owner guest")],
  ["import", some("analyst admin owner")],
  ["propose", TEAMS],
  ["sign_marketing", some("marketing owner")],
  ["sign_sales", some("sales owner")],
  ["close", some("analyst admin owner")],
  ["dispute", TEAMS],
  ["meet", TEAMS],
  ["note", TEAMS],
  ["people", some("admin owner")],
  ["tokens", TEAMS],
  ["audit", some("admin owner")],
  ["settings", some("admin owner")],
  ["erase", some("admin owner")],
];
