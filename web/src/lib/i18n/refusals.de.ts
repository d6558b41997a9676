//! German that refusals need, and so nobody who meets none.

import { codes } from "./codes.de";
import { refused } from "./refused.de";

export const refusals = { codes, refused };
