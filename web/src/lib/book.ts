//! The book's words for what answers call by id.

import { createContext, useContext } from "react";
import type { Period } from "./calendar";

interface Named {
  id: string;
  name: string;
  role: string;
  side: string | null;
  max_days: number | null;
  means: string;
  team: string | null;
}

export interface Words {
  stages: readonly Named[];
  teams: readonly { id: string; side: string }[];
  terms: readonly { word: string; means: string }[];
  dimensions: readonly string[];
  models: readonly string[];
  handoffs: readonly string[];
  currency: string | null;
  /** The periods of the charter's calendar, oldest first within each grain. */
  periods: readonly Period[];
  /** The last whole day that the sources show, once it is known. */
  horizon: string | null;
  /** Whether it has been asked up to when the sources show everything, also if nobody says. */
  isSettled: boolean;
  zone: string;
}

interface StageSaid extends Omit<Named, "team" | "side" | "max_days"> {
  team?: string | null | undefined;
  side?: string | null | undefined;
  max_days?: number | null | undefined;
}

/** A charter's own words, as the server says them; what it leaves out is said to be lacking. */
export interface CharterSaid extends Omit<CharterWords, "stages" | "currency"> {
  stages: readonly StageSaid[];
  currency?: string | null | undefined;
  zone: string;
}

type CharterWords = Pick<
  Words,
  "stages" | "teams" | "terms" | "dimensions" | "models" | "handoffs" | "currency"
>;

export const charterWords = (said: CharterSaid): CharterWords => ({
  stages: said.stages.map((stage) => ({
    ...stage,
    team: stage.team ?? null,
    side: stage.side ?? null,
    max_days: stage.max_days ?? null,
  })),
  teams: said.teams,
  terms: said.terms,
  dimensions: said.dimensions,
  models: said.models,
  handoffs: said.handoffs,
  currency: said.currency ?? null,
});

const NOTHING: Words = {
  stages: [],
  teams: [],
  terms: [],
  dimensions: [],
  models: [],
  handoffs: [],
  currency: null,
  periods: [],
  horizon: null,
  isSettled: false,
  zone: "UTC",
};
const WordsContext = createContext<Words>(NOTHING);

export const WordsProvider = WordsContext.Provider;
export const useWords = (): Words => useContext(WordsContext);

export function stageOf(words: Words, id: string): Named | undefined {
  return words.stages.find((stage) => stage.id === id || stage.name === id);
}

/** What a stage is called; an id that is no stage stays what it is. */
export const stageName = (words: Words, id: string): string => stageOf(words, id)?.name ?? id;

export const sideOfTeam = (words: Words, team: string): string | null =>
  words.teams.find((one) => one.id === team)?.side ?? null;
