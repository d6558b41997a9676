//! What stands beside what, and what is taken out of tables: in German.

import type { tables as en } from "./tables.en";

export const tables: typeof en = {
  besides: {
    toDay: (period, day) => `${period} (bis Tag ${day})`,
    means: "Der Zeitraum läuft noch: Verglichen werden gleich viele Tage von beiden.",
    charterNow:
      "Die Charta, wie sie jetzt gilt, welchen Stand die Seite auch hat: Ihre Begriffe, Regeln und Unterschriften sind von einem Tag.",
    teams: (teams) => `Nur Zeilen von ${teams}: Die ganze Firma hat mehr.`,
    uncompared: "nicht verglichen",
    nothing: "Im verglichenen Zeitraum ist nichts da.",
    head: (column) => `${column}, davor`,
  },
  columns: {
    title: "Spalten",
    means:
      "Welche Spalten gezeigt werden: Sie stehen im Link, und Dateien lassen die anderen auch weg",
    hidden: (n) => (n === 1 ? "1 Spalte ausgeblendet" : `${n} Spalten ausgeblendet`),
    shown: "Gezeigte Spalten",
    all: "Alle zeigen",
    drag: "Ziehen für eine andere Breite; ein Doppelklick nimmt sie zurück",
  },
  take: {
    copy: "Tabelle kopieren",
    copyMeans: "Wie gezeigt, für eine Tabellenkalkulation; auch mit ⌘C oder Strg C auf der Tabelle",
    copied: "Tabelle kopiert",
    notCopied: "Der Browser lässt das Kopieren nicht zu",
    file: "CSV dieser Tabelle",
    fileMeans: "Wie gezeigt, für eine Tabellenkalkulation in Ihrer Sprache",
    notTaken: "Die Tabelle konnte nicht ganz geholt werden, und nichts wurde gespeichert",
    part: (most) => `Mehr als ${most} Datensätze: Sortieren Sie die CSV-Datei`,
    sort: "Sortiert die Datensätze",
  },
};
