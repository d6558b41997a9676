//! German that a few pages need and no first one: what metrics declare, and what the wizard says.

import { conventions, declared, taken } from "./conventions.de";
import { reasons } from "./reasons.de";

export const later = { conventions, declared, taken, reasons };
