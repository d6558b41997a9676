//! What the server says of a refusal, in German, by its own sentences: a part in braces stands for what
//! the server puts there. What is not here is told by its code's meaning, with the sentence beside it.

const nothing: Record<string, string> = {
  "nothing was changed": "Nichts wurde geändert.",
  "nothing was done": "Nichts wurde getan.",
  "nothing was opened": "Nichts wurde geöffnet.",
  "nothing was written": "Nichts wurde geschrieben.",
  "nothing was signed": "Nichts wurde unterschrieben.",
  "nothing was imported": "Nichts wurde importiert.",
  "nothing was compared": "Nichts wurde verglichen.",
  "nothing was taken in": "Nichts wurde aufgenommen.",
  "nothing was served": "Nichts wurde beantwortet.",
  "nothing was read and nothing was done": "Nichts wurde gelesen und nichts getan.",
  "nothing was shown and nothing was done": "Nichts wurde gezeigt und nichts getan.",
  "nothing was done a second time": "Nichts wurde ein zweites Mal getan.",
  "there is nothing to show": "Es gibt nichts zu zeigen.",
  "no token was made": "Kein Token entstand.",
  "the file was not kept": "Die Datei wurde nicht behalten.",
};

/** Who may come in, and what they may do. */
const people: Record<string, string> = {
  "the file of people cannot be used: {what}":
    "Die Datei der Personen lässt sich nicht verwenden: {what}",
  "nobody can sign in; the ledger is not touched by it":
    "Niemand kann sich anmelden; das Buch ist nicht betroffen.",
  "put it back from a backup, or move it away and set the first owner up again":
    "Spielen Sie sie aus einer Sicherung zurück, oder legen Sie sie beiseite und richten den ersten Inhaber neu ein.",
  "an older program could weaken what a newer one wrote":
    "Ein älteres Programm könnte schwächen, was ein neueres schrieb.",
  "use the newer program, or put back the copy from before the upgrade":
    "Nehmen Sie das neuere Programm, oder die Kopie von vor der Umstellung.",
  "the disk is full": "Die Platte ist voll",
  "make room and try again; nothing needs to be started anew":
    "Schaffen Sie Platz, und versuchen Sie es noch einmal; neu zu starten ist nichts.",
  "the operating system gives no random bytes": "Das Betriebssystem liefert keinen Zufall",
  "a secret that can be guessed is none, so none was made":
    "Ein Geheimnis, das man erraten kann, ist keines; darum entstand keines.",
  "look at the system's log; /dev/urandom must be readable":
    "Sehen Sie ins Protokoll des Systems; /dev/urandom muss lesbar sein.",
  "this e-mail and this password do not open anything here":
    "Diese E-Mail und dieses Passwort öffnen hier nichts",
  "nothing was opened; the answer is the same whatever the reason":
    "Nichts wurde geöffnet; die Antwort ist dieselbe, was auch der Grund ist.",
  "try again, or ask whoever looks after people here for a link to a new password":
    "Versuchen Sie es noch einmal, oder bitten Sie, wer hier Personen verwaltet, um einen Link zu einem neuen Passwort.",
  "too many tries; the next one counts in {} seconds":
    "Zu viele Versuche; der nächste zählt in {} Sekunden",
  "what is guessed too often is guessed at last": "Was man oft genug rät, errät man.",
  "wait {seconds} seconds; signing in from where you usually do is not affected":
    "Warten Sie {seconds} Sekunden; wo Sie sich sonst anmelden, geht es wie immer.",
  "too many people are signing in at this moment": "Gerade melden sich zu viele an",
  "checking a password takes much memory on purpose, so few are checked at a time":
    "Ein Passwort zu prüfen braucht mit Absicht viel Speicher, darum werden wenige zugleich geprüft.",
  "try again in some seconds": "Versuchen Sie es in einigen Sekunden noch einmal.",
  "this password is refused: {what}": "Dieses Passwort wird abgelehnt: {what}",
  "it has {length} characters, and {SHORTEST} are the fewest":
    "Es hat {length} Zeichen, mindestens {SHORTEST} sind nötig",
  "it has {} bytes, and {LONGEST} are the most":
    "Es hat {} Bytes, höchstens {LONGEST} sind möglich",
  "it is among the passwords that are guessed first":
    "Es gehört zu den Passwörtern, die man zuerst rät",
  "it is a few characters over and over": "Es sind wenige Zeichen immer wieder",
  "it is a row of keys, letters or digits": "Es ist eine Reihe von Tasten, Buchstaben oder Ziffern",
  "it is made of common words, years, or of words that stand close to you":
    "Es besteht aus gängigen Wörtern, Jahren oder aus Wörtern, die Ihnen nahe stehen",
  "take 12 characters or more, as four words that have nothing to do with each other":
    "Nehmen Sie 12 Zeichen oder mehr, etwa vier Wörter, die nichts miteinander zu tun haben.",
  "this token does not set anything up": "Dieses Wort richtet nichts ein",
  "a book has its first owner once, by the token that its server prints at the start":
    "Ein Buch bekommt seinen ersten Inhaber einmal, durch das Wort, das sein Server beim Start nennt.",
  "copy the token of the latest start, or sign in":
    "Kopieren Sie das Wort vom letzten Start, oder melden Sie sich an.",
  "this link opens nothing, or nothing any more": "Dieser Link öffnet nichts oder nichts mehr",
  "a link works once and for some days; a later one ends an earlier one":
    "Ein Link gilt einmal und für einige Tage; ein späterer beendet den früheren.",
  "ask whoever sent it for another": "Bitten Sie, wer ihn schickte, um einen neuen.",
  "this needs somebody who has signed in": "Dafür muss man angemeldet sein",
  "sign in, or send a token: Authorization: Bearer hf_…": "Melden Sie sich an.",
  "sign in, or use a token of yours": "Melden Sie sich an.",
  "an act in the ledger has somebody's name": "Was im Buch geschieht, trägt einen Namen",
  "ask an owner for a role that may; docs/reference/rights.md has the table":
    "Bitten Sie einen Inhaber um eine Rolle, die es darf.",
  "nothing was kept: what stands in a team's name was said by that team":
    "Nichts wurde behalten: Was im Namen eines Teams steht, hat dieses Team gesagt.",
  "tell it in the name of a team of your own side, or ask an analyst to write it down":
    "Erzählen Sie es im Namen eines Teams Ihrer Seite, oder bitten Sie einen Analysten, es aufzuschreiben.",
  "this token may not `{word}`: {means}": "Dieses Token darf nicht: {means}",
  "a source's key may not `{word}`: {means}": "Der Schlüssel einer Quelle darf nicht: {means}",
  "a guest may not `{word}`: {means}": "Ein Gast darf nicht: {means}",
  "the role {} may not `{word}`: {means}": "Die Rolle {} darf nicht: {means}",
  "the console may not `{word}`: {means}": "Die Konsole darf nicht: {means}",
  "ask questions and read what they answer": "Fragen stellen und Antworten lesen",
  "see names, addresses and other personal fields in clear":
    "Namen, Adressen und andere personenbezogene Daten sehen",
  "take answers away as files": "Antworten als Dateien laden",
  "import files, and take an import back": "Dateien importieren und Importe zurücknehmen",
  "propose a charter, rehearse and discuss it": "eine Charta vorschlagen, prüfen und besprechen",
  "sign for marketing, if marketing is among one's sides": "für das Marketing unterschreiben",
  "sign for sales, if sales is among one's sides": "für den Vertrieb unterschreiben",
  "close a period, assert a balance": "einen Zeitraum abschließen, einen Wert bestätigen",
  "dispute a deal, rule on a dispute": "einen Deal bestreiten, über einen Streit entscheiden",
  "set when meetings are, close them, write down what they decide":
    "festlegen, wann Besprechungen sind, sie abschließen, Beschlüsse aufschreiben",
  "leave notes on figures and keep views": "Notizen zu Zahlen und Ansichten speichern",
  "invite, change and disable people; an owner only by an owner":
    "Personen einladen, ändern und aussperren; Inhaber nur durch Inhaber",
  "make tokens for one's own programs": "Token für eigene Programme erzeugen",
  "read and export the audit log": "das Protokoll lesen und exportieren",
  "change settings, sources and their keys": "Einstellungen, Quellen und deren Schlüssel ändern",
  "forget a person of the ledger for ever": "eine Person für immer aus dem Buch löschen",
  "send events of the one source a key was made for":
    "Ereignisse der einen Quelle senden, für die ein Schlüssel gemacht ist",
  "who may come in, and whose sessions and tokens end, is said by somebody who has signed in":
    "Wer hereindarf und wessen Sitzungen und Token enden, sagt jemand, der angemeldet ist",
  viewer: "Leser",
  "a team of {side} speaks for itself, and you belong to {own}":
    "Ein Team der Seite {side} spricht für sich selbst, und Sie gehören zu {own}",
  "only an owner may make, change or keep out an owner":
    "Nur ein Inhaber darf Inhaber ernennen, ändern oder aussperren",
  "ask an owner": "Bitten Sie einen Inhaber.",
  "there is no such {what}": "Gibt es nicht: {what}",
  person: "Person",
  session: "Sitzung",
  token: "Token",
  key: "Schlüssel",
  job: "Auftrag",
  "look at the list again: somebody may have taken it away":
    "Sehen Sie noch einmal in die Liste: Vielleicht hat es jemand weggenommen.",
  "somebody here has this e-mail already": "Diese E-Mail hat hier schon jemand",
  "give another e-mail, or change the person who has it":
    "Nehmen Sie eine andere E-Mail, oder ändern Sie die Person, die sie hat.",
  "`name` cannot be taken: somebody else here is called so": "So heißt hier schon jemand anderes",
  "nothing was changed: what people do stands under their names for ever":
    "Nichts wurde geändert: Was Personen tun, steht für immer unter ihrem Namen.",
  "add a middle name or a team, or ask whoever looks after people here":
    "Ergänzen Sie einen zweiten Vornamen oder ein Team, oder fragen Sie, wer hier Personen verwaltet.",
  "`{field}` cannot be taken: {what}": "`{field}` kann nicht übernommen werden: {what}",
  "it is one line of text": "Es ist eine Zeile Text",
  "it is no e-mail address": "Das ist keine E-Mail-Adresse",
  "it is empty": "Es ist leer",
  "it is not a day": "Das ist kein Tag",
  "only marketing and sales sign": "Nur Marketing und Vertrieb unterschreiben",
  "name at least one": "Nennen Sie wenigstens eines",
  "mend `{field}` and send it again": "Berichtigen Sie `{field}`, und senden Sie es noch einmal.",
  "this is the last owner": "Das ist der letzte Inhaber",
  "a book without an owner could never be given one again":
    "Ein Buch ohne Inhaber könnte nie wieder einen bekommen.",
  "make somebody else an owner first": "Machen Sie erst jemand anderen zum Inhaber.",
  "nobody changes their own rights": "Niemand ändert die eigenen Rechte",
  "ask another owner": "Bitten Sie einen anderen Inhaber.",
  "a token cannot be made for what its person may not: {words}":
    "Ein Token kann nicht dürfen, was seine Person nicht darf: {words}",
  "ask for fewer scopes; docs/reference/rights.md says what each role may":
    "Wählen Sie weniger Rechte.",
  "give an end that is not further away, and make another one then":
    "Nennen Sie ein Ende, das nicht so fern ist, und machen Sie dann ein neues.",
  "nothing after that entry can be relied on; what is before it holds":
    "Auf nichts nach diesem Eintrag ist Verlass; was davor steht, hält.",
  "compare it with the latest export of the log, or with a backup":
    "Vergleichen Sie es mit dem letzten Export des Protokolls oder mit einer Sicherung.",
  "nothing was done: this request differs from the first one with this key":
    "Nichts wurde getan: Die Anfrage ist eine andere als die erste mit diesem Schlüssel.",
  "make a new Idempotency-Key for each new request; repeat a request unchanged":
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal.",
  "the first request with this key is not answered yet":
    "Die erste Anfrage ist noch nicht beantwortet",
  "wait for its answer, then repeat the request unchanged":
    "Warten Sie auf ihre Antwort, und wiederholen Sie sie dann unverändert.",
  "the provider `{name}` cannot be used: {what}":
    "Der Anbieter `{name}` lässt sich nicht verwenden: {what}",
  "nobody can sign in by it; passwords work as before":
    "Niemand kann sich damit anmelden; Passwörter gehen wie bisher.",
  "look at issuer, client and way back in the settings, and whether the provider answers":
    "Wer den Server betreibt, prüft Aussteller, Client und Rückweg in den Einstellungen und ob der Anbieter antwortet.",
  "this sign-in was not begun here, or is over":
    "Diese Anmeldung begann nicht hier oder ist vorbei",
  "begin again: a sign-in works once, for ten minutes, in the browser that began it":
    "Beginnen Sie von vorn: Eine Anmeldung gilt einmal, zehn Minuten lang, in dem Browser, in dem sie begann.",
  "the provider's answer is refused: {what}": "Die Antwort des Anbieters wird abgelehnt: {what}",
  "nothing was opened: whoever sent it may be somebody else":
    "Nichts wurde geöffnet: Wer sie schickte, könnte jemand anderes sein.",
  "begin again; if it stays, show this to whoever looks after the provider":
    "Beginnen Sie von vorn; bleibt es dabei, zeigen Sie dies, wer den Anbieter betreut.",
  "none of your groups has a role here": "Keine Ihrer Gruppen hat hier eine Rolle",
  "ask whoever looks after people here for an invitation, or for a group that has a role":
    "Bitten Sie, wer hier Personen verwaltet, um eine Einladung oder um eine Gruppe mit einer Rolle.",
  "the provider vouches for no e-mail of yours": "Der Anbieter bürgt für keine E-Mail von Ihnen",
  "nothing was opened: by an e-mail of somebody else one could pass for them":
    "Nichts wurde geöffnet: Mit der E-Mail eines anderen könnte man sich für ihn ausgeben.",
  "have your e-mail confirmed at the provider, or ask for an invitation here":
    "Lassen Sie Ihre E-Mail beim Anbieter bestätigen, oder bitten Sie hier um eine Einladung.",
  "somebody here has the e-mail of this sign-in already":
    "Die E-Mail dieser Anmeldung hat hier schon jemand",
  "nothing was opened: an e-mail alone opens nobody's account":
    "Nichts wurde geöffnet: Eine E-Mail allein öffnet niemandes Konto.",
  "sign in as before and add this sign-in under your name, or ask for a link":
    "Melden Sie sich an wie bisher, und fügen Sie diese Anmeldung unter Ihrem Namen hinzu, oder bitten Sie um einen Link.",
  "this sign-in belongs to somebody else here": "Diese Anmeldung gehört hier jemand anderem",
  "sign out at the provider and come back as the one you mean":
    "Melden Sie sich beim Anbieter ab, und kommen Sie als die gemeinte Person zurück.",
};

/** What the server itself refuses. */
const server: Record<string, string> = {
  "nothing is at this address": "Unter dieser Adresse ist nichts",
  "this address does not take that method": "So lässt sich diese Adresse nicht fragen",
  "GET /openapi.json lists what is there": "Die Beschreibung der Schnittstelle zeigt, was es gibt.",
  "GET /openapi.json says which it takes": "Die Beschreibung der Schnittstelle zeigt, wie es geht.",
  "the body is not said to be JSON": "Der Inhalt ist nicht als JSON bezeichnet",
  "the body cannot be read: {why}": "Der Inhalt lässt sich nicht lesen: {why}",
  "the body is packed in a way that is not read here":
    "Der Inhalt ist auf eine Art gepackt, die hier nicht gelesen wird",
  "content-type: application/json": "content-type: application/json",
  "content-encoding: gzip, or none": "content-encoding: gzip, oder keines",
  "send the JSON that GET /openapi.json describes, with no other fields":
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal.",
  "the body is larger than {limit} bytes": "Gesendet wurden mehr als {limit} Bytes",
  "send less at once": "Senden Sie weniger auf einmal.",
  "the body came too slowly to be waited for": "Der Inhalt kam zu langsam, um darauf zu warten",
  "send it again, in smaller pieces": "Senden Sie es noch einmal, in kleineren Teilen.",
  "more questions wait than can be answered soon":
    "Es warten mehr Fragen, als bald zu beantworten sind",
  "nothing is lost; the question was not begun":
    "Nichts ist verloren; die Frage wurde nicht begonnen.",
  "ask again in some seconds": "Fragen Sie in einigen Sekunden noch einmal.",
  "the answer is not there after {seconds} seconds":
    "Die Antwort ist nach {seconds} Sekunden nicht da",
  "it is still being worked out, and will be there when it is asked again":
    "Sie wird noch berechnet und ist da, wenn Sie noch einmal fragen.",
  "ask again in a while, or for a shorter period or fewer dimensions":
    "Fragen Sie später noch einmal, oder für einen kürzeren Zeitraum oder weniger Dimensionen.",
  "the question needs more memory than the {mib} MiB of this server":
    "Die Frage braucht mehr Speicher als die {mib} MiB dieses Servers",
  "there is no answer, and nobody works on it any more; nothing was changed":
    "Es gibt keine Antwort, und niemand arbeitet mehr daran; nichts wurde geändert.",
  "a shorter period or fewer dimensions; fewer models of credit":
    "Ein kürzerer Zeitraum oder weniger Dimensionen; weniger Modelle der Zurechnung.",
  "the answer has {rows} rows; {limit} go out at once":
    "Die Antwort hat {rows} Zeilen; {limit} gehen auf einmal hinaus",
  "fewer dimensions, a shorter period, or the same question as /csv":
    "Weniger Dimensionen, ein kürzerer Zeitraum, oder dieselbe Frage als CSV.",
  "this is a defect of handfast, not of your request":
    "Das ist ein Fehler von Handfast, nicht Ihrer Anfrage",
  "there is no answer; what was acknowledged before is kept":
    "Es gibt keine Antwort; was vorher bestätigt wurde, bleibt.",
  "please report it with the request's id, without personal data":
    "Bitte melden Sie ihn mit der Nummer der Anfrage, ohne Personendaten.",
  "the request comes from a page of another site": "Die Anfrage kommt von einer anderen Website",
  "a page elsewhere must not act in your name; nothing was done":
    "Eine fremde Seite darf nicht in Ihrem Namen handeln; nichts wurde getan.",
  "use the application itself, or an API token": "Verwenden Sie die Anwendung selbst.",
  "the request is meant for another server": "Die Anfrage ist für einen anderen Server",
  "a name that somebody else decides about could lead to this address":
    "Ein Name, über den jemand anderes entscheidet, könnte zu dieser Adresse führen.",
  "the first request with this key was done, and its answer is shown once":
    "Die erste Anfrage ist getan, und ihre Antwort wird nur einmal gezeigt",
  "it made a secret of which only a hash is kept; nothing was done again":
    "Sie schuf ein Geheimnis, von dem nur eine Prüfsumme bleibt; nichts wurde noch einmal getan.",
  "end what was made, and make another with a new key":
    "Beenden Sie, was entstand, und machen Sie ein neues.",
  "it was done, and the answer that shows it could not be made":
    "Es ist getan, und die Antwort, die es zeigt, ließ sich nicht machen",
  "it stands in the ledger; sending it again would do it twice":
    "Es steht im Buch; noch einmal gesendet, geschähe es zweimal.",
  "look at the page anew: what was done is there once the fault has passed":
    "Laden Sie die Seite neu: Was getan ist, ist da, sobald der Fehler vorbei ist.",
  "the server ended while this was done, and does not know whether it was":
    "Der Server endete, während dies geschah, und weiß nicht, ob es getan ist",
  "it was not done again: twice would be worse than not at all":
    "Es wurde nicht noch einmal getan: zweimal wäre schlimmer als gar nicht.",
  "look whether it is there; where it is not, send it with a key of its own":
    "Sehen Sie nach, ob es da ist; wenn nicht, senden Sie es noch einmal.",
  "an import is under way, and the ledger takes one":
    "Ein Import läuft, und das Buch nimmt einen zur Zeit",
  "nothing of this request was taken in, and nothing is lost of the import":
    "Von dieser Anfrage wurde nichts aufgenommen, und vom Import ist nichts verloren.",
  "send it again when the import has ended: GET /api/v1/jobs tells":
    "Senden Sie es noch einmal, wenn der Import zu Ende ist.",
  "there is no file of rows to be mended": "Es gibt keine Datei mit Zeilen zum Berichtigen.",
  "after a dry run, at once: it is kept of the newest five, until the server ends":
    "Gleich nach einem Probelauf: Behalten werden die neuesten fünf, bis der Server endet.",
  "of what was imported: GET /api/v1/imports/aside":
    "Was ein Import beiseitelegte, zeigt die Seite der Datenlage.",
  "files of {all} bytes were sent and are still there":
    "Dateien von {all} Bytes wurden gesendet und sind noch da",
  "import or take away some that were sent: GET /api/v1/uploads lists them":
    "Importieren Sie einige der gesendeten, oder nehmen Sie einige weg.",
  "no key is kept here by which you sign": "Hier liegt kein Schlüssel, mit dem Sie unterschreiben",
  "become a signer of your team first; after a forgotten password, anew":
    "Werden Sie erst Unterzeichner Ihres Teams; nach einem vergessenen Passwort noch einmal.",
  "nobody signs for both": "Niemand unterschreibt für beide.",
  "the workbook cannot be made: {why}": "Die Arbeitsmappe lässt sich nicht machen: {why}",
  "Excel takes fewer rows, columns or letters than this answer has":
    "Excel nimmt weniger Zeilen, Spalten oder Zeichen, als diese Antwort hat.",
  "ask for /csv, or with fewer dimensions": "Laden Sie CSV, oder teilen Sie nach weniger.",
  "this book holds nothing about `{key}`": "Über `{key}` weiß dieses Buch nichts",
  "keys are compared as the source writes them; an e-mail address will do too":
    "Schlüssel zählen, wie die Quelle sie schreibt; eine E-Mail-Adresse geht auch.",
  "the file has no column `_row`": "Der Datei fehlt die Spalte `_row`",
  "nothing was imported: `_row` says which of the rows that are set aside a line mends":
    "Nichts wurde importiert: `_row` sagt, welche der beiseitegelegten Zeilen eine Zeile berichtigt.",
  "mend the file that GET /api/v1/imports/{run}/aside gives, and leave `_row` as it is":
    "Berichtigen Sie die Datei der beiseitegelegten Zeilen, und lassen Sie `_row`, wie es ist.",
  "with a second source for it every row would count twice":
    "Mit einer zweiten Quelle dafür zählte jede Zeile zweimal.",
  "import it by that source; or `name`: another name, for another source of it":
    "Importieren Sie die Datei mit jener Quelle, oder geben Sie einer zweiten einen anderen Namen.",
  "its pack may have been edited by hand, so nothing was written over it":
    "Ihr Paket wurde vielleicht von Hand geändert, darum wurde nichts darübergeschrieben.",
  "name: another name, for another source": "Geben Sie der neuen Quelle einen anderen Namen.",
  "the files do not say it, and a guess would change every number":
    "Die Dateien sagen es nicht, und eine Vermutung änderte jede Zahl.",
  "describe one whose stream reads such events, or end this key":
    "Beschreiben Sie eine Quelle, die solche Ereignisse liest, oder beenden Sie diesen Schlüssel.",
  "free some space and send it again": "Schaffen Sie Platz, und senden Sie es noch einmal.",
  "check the disk of the book": "Wer den Server betreibt, prüft die Platte des Buchs.",
  "this program's own file cannot be found: {error}":
    "Die Datei des Programms ist nicht zu finden: {error}",
  "reinstall handfast": "Wer den Server betreibt, installiert Handfast neu.",
  "`charter` names a folder": "`charter` nennt einen Ordner",
  "a version's hash, or the name of a draft":
    "Die Prüfsumme einer Fassung, oder der Name eines Entwurfs.",
  "the file of people is of version {version}, and this program knows versions up to {known}":
    "Die Datei der Personen hat Fassung {version}, und dieses Programm kennt Fassungen bis {known}",
  "a token ends between now and {days} days from now":
    "Ein Token endet zwischen jetzt und heute in {days} Tagen",
  "entry {seq} of the audit log is not what was written: {what}":
    "Eintrag {seq} des Protokolls ist nicht, was geschrieben wurde: {what}",
  "the key `{key}` belongs to another request":
    "Der Schlüssel `{key}` gehört zu einer anderen Anfrage",
  "`{}` is no address of this server": "`{}` ist keine Adresse dieses Servers",
  "this book has no source `{source}` that takes events":
    "Die Quelle `{source}`, die Ereignisse nimmt, hat dieses Buch nicht",
  "files that are sent cannot be kept: {}": "Gesendete Dateien lassen sich nicht behalten: {}",
  "whoever vouches may not sign for this side any more":
    "Wer bürgt, darf für diese Seite nicht mehr unterschreiben",
  "`{name}`, who is you, signs for the other side":
    "`{name}`, das sind Sie, unterschreibt für die andere Seite",
  "this book has no source `{}`": "Die Quelle `{}` hat dieses Buch nicht",
  "source `{source}` reads `{}` already": "Die Quelle `{source}` liest `{}` schon",
  "this book has a source `{name}` already": "Eine Quelle `{name}` hat dieses Buch schon",
  "`{name}` cannot be taken: {why}": "`{name}` kann nicht übernommen werden: {why}",
};

/** What questions are refused for. */
const asked: Record<string, string> = {
  "the charter does not say which touches are {}":
    "Die Charta sagt nicht, welche Kontakte dazu zählen: {}",
  "the answer would have {count} rows; the limit is {most}":
    "Die Antwort hätte {count} Zeilen; die Grenze ist {most}",
  "the answer would have {rows} rows; the limit is {most}":
    "Die Antwort hätte {rows} Zeilen; die Grenze ist {most}",
  "the answer would have {} rows; the limit is {}":
    "Die Antwort hätte {} Zeilen; die Grenze ist {}",
  "a bridge cannot be split by {}": "Danach lässt sich eine Brücke nicht teilen: {}",
  "cost cannot be split by {}": "Danach lassen sich Kosten nicht teilen: {}",
  "credit cannot be split by {}": "Danach lässt sich Zurechnung nicht teilen: {}",
  "a forecast cannot be split by {}": "Danach lässt sich eine Prognose nicht teilen: {}",
  "a plan cannot be split by {}": "Danach lässt sich ein Plan nicht teilen: {}",
  "a plan has no records: what it asks for is not there yet":
    "Ein Plan hat keine Datensätze: Was er verlangt, gibt es noch nicht",
  "the records behind a goal are those of its metric":
    "Hinter einem Ziel stehen die Datensätze seiner Kennzahl",
  "{given} {currency} is no goal": "{given} {currency} ist kein Ziel",
  "whose goal? goals of the book are of all pursuits":
    "Wessen Ziel? Ziele des Buchs gelten für alle Vorgänge",
  "no goal lies in {}..{}": "In {}..{} liegt kein Ziel",
  "`{text}` is no goal": "`{text}` ist kein Ziel",
  "`{}` of `{name}` cannot be split by {}": "`{}` von `{name}` lässt sich danach nicht teilen: {}",
  "{} cannot be split by {}": "{} lässt sich danach nicht teilen: {}",
  "this answer has no figure `{}`": "Die Zahl `{}` hat diese Antwort nicht",
  "`{}` has no figure to compare": "`{}` hat keine Zahl zum Vergleichen",
  "this answer has no records behind `{other}`":
    "Hinter `{other}` hat diese Antwort keine Datensätze",
  "this answer has no records behind `{}`": "Hinter `{}` hat diese Antwort keine Datensätze",
  "no campaign or vendor `{of}` is known": "Eine Kampagne oder einen Anbieter `{of}` gibt es nicht",
  "`{}` has learned nothing to share by": "`{}` hat nichts gelernt, wonach es aufteilen könnte",
  "{channels} channels, where at most {most} can be told apart":
    "{channels} Kanäle, wo sich höchstens {most} unterscheiden lassen",
  "`{}` stands above the rows and is of them all": "`{}` steht über den Zeilen und gilt für alle",
  "{} rows of this answer begin with `{asked}`": "{} Zeilen dieser Antwort beginnen mit `{asked}`",
  "a model of the charter is called `{id}`, as a column of this answer is":
    "Ein Modell der Charta heißt `{id}`, wie eine Spalte dieser Antwort",
  "the window {from}..{until} is over by the end of {at}":
    "Die Frist {from}..{until} ist am Ende des {at} vorbei",
  "the window {from}..{until} ends more than {FAR} days after {at}":
    "Die Frist {from}..{until} endet mehr als {FAR} Tage nach dem {at}",
  "nothing had ended by the end of {at}, so nothing can be learned":
    "Bis zum Ende des {at} war nichts zu Ende, also lässt sich nichts lernen",
  "stage `{}` is not on the path": "Die Stufe `{}` liegt nicht auf dem Pfad",
  "--unit {unit} means nothing to `{name}`": "Die Einheit {unit} bedeutet für `{name}` nichts",
  "--unit {unit} means nothing to `{name}`: its unit is {counts}":
    "Die Einheit {unit} bedeutet für `{name}` nichts: Gezählt wird {counts}",
  "--currency means nothing to `{name}`: it sums no money":
    "Eine Währung bedeutet für `{name}` nichts: Die Metrik summiert kein Geld",
  "--by sourced means nothing to this question":
    "Wer den Anstoß gab, bedeutet für diese Frage nichts",
  "--known happened looks back from an instant, and none is given":
    "Zurückgesehen wird von einem Zeitpunkt aus, und keiner ist genannt",
  "--known happened has no earlier moment of knowing":
    "Nach dem Geschehen gibt es keinen früheren Stand des Wissens",
  "`{}` of `{name}` is of no person, account or deal":
    "`{}` von `{name}` gehört zu keiner Person, keinem Account und keinem Deal",
  "an estimate follows each pursuit or deal once, from its first entry":
    "Eine Schätzung folgt jedem Vorgang oder Deal einmal, vom ersten Eintritt an",
  "a flow is cut by one kind of period at a time":
    "Ein Fluss wird nach einer Art von Zeitraum geteilt",
  "`{}` counts {count} of what never became facts": "`{}` zählt {count}, was nie zum Fakt wurde",
  "the charter's promises have clocks of their own": "Die Zusagen der Charta haben eigene Uhren",
  "the charter has no handoff `{}`": "Die Übergabe `{}` hat die Charta nicht",
  "a snapshot looks at one instant; it cannot be split by {}":
    "Eine Momentaufnahme sieht einen Zeitpunkt; danach lässt sie sich nicht teilen: {}",
  "ledger {before} is after ledger {after}": "Stand Nr. {before} liegt nach Stand Nr. {after}",
  "no statement of commit {number} holds": "Keine Aussage der Nr. {number} gilt",
  "{} {} does not hold": "{} {} hält nicht",
  "this passport is of another book than `{}`":
    "Dieser Nachweis ist von einem anderen Buch als `{}`",
  "`{name}` cannot be had from paths alone: it asks {why}":
    "`{name}` lässt sich aus Wegen allein nicht gewinnen: Es fragt {why}",
  "{file}: {found} channels, where {most} are the most there can be":
    "{file}: {found} Kanäle, wo es höchstens {most} sein können",
  "{label} is not over: it ends with {}": "{label} ist nicht vorbei, sondern endet mit {}",
  "{label} is closed already, as of commit {}": "{label} ist schon geschlossen, mit Stand Nr. {}",
  "{label} is closed with several days: {}": "{label} ist mit verschiedenen Tagen geschlossen: {}",
  "`{}` is no metric to keep": "`{}` ist keine Metrik zum Festhalten",
  "what {} kept of {} is not understood: {why}":
    "Was {} von {} festhielt, ist nicht zu verstehen: {why}",
  "a window of at most {} days is allowed": "Eine Frist darf höchstens {} Tage haben",
  "{} dimensions; the limit is {}": "{} Dimensionen; die Grenze ist {}",
  "`{word}` is no end of a deal": "`{word}` ist kein Ende eines Deals",
  "`{name}` is retroactive, so --from means nothing to it":
    "`{name}` gilt auch für Vergangenes, ein Tag des Beginns bedeutet also nichts",
  "--records means nothing to a change since a moment of knowing":
    "Eine Änderung seit einem Stand hat keine Datensätze dieser Art",
  "from when until when?": "Von wann bis wann?",
  "which metric changed?": "Welche Metrik änderte sich?",
  "which period is compared?": "Welcher Zeitraum wird verglichen?",
  "changed since when?": "Geändert seit wann?",
  "no question was asked": "Es wurde nichts gefragt",
  "`{other}` is not a view": "`{other}` ist keine Ansicht",
  "`{word}` is not counted": "`{word}` wird nicht gezählt",
  "`{word}` deals are not credited": "Deals von der Art `{word}` werden nicht zugerechnet",
  "a forecast does not look a {word} ahead": "Eine Prognose sieht nicht so weit voraus: {word}",
  "the charter has no stage `{id}`": "Die Charta hat keine Stufe `{id}`",
  "`{}` is asked as {}": "Nach `{}` fragt man so: {}",
  "there is no metric `{name}`": "Die Metrik `{name}` gibt es nicht",
  "`{name}` is not how this metric is asked": "So fragt man nicht nach dieser Metrik: `{name}`",
  "`{label}` is no {by} of this book": "`{label}` gibt es in diesem Buch nicht: {by}",
  "`{text}` is no amount of {}": "`{text}` ist kein Betrag in {}",
  "{}, 2018-01-31, or 2018-01-01..2018-02-15 (last day not included)":
    "{}, 2018-01-31 oder 2018-01-01..2018-02-15 (der letzte Tag zählt nicht mit)",
  "a window of no days holds nothing": "Eine Frist von null Tagen umfasst nichts",
  "`{text}` is not a day": "`{text}` ist kein Tag",
  "`{text}` is not a period of this charter's calendar":
    "`{text}` ist kein Zeitraum des Kalenders dieser Charta",
  "`{code}` is not a currency": "`{code}` ist keine Währung",
  "--outcome-by lies before --at":
    "Der Tag, bis zu dem der Ausgang zählt, liegt vor dem Tag der Frage",
  "an answer has one clock": "Eine Antwort hat eine Uhr",
  "{option} means nothing to this question": "{option} bedeutet für diese Frage nichts",
  "this answer has no figure `{column}`": "Die Zahl `{column}` hat diese Antwort nicht",
  "no row of this answer begins with `{}`": "Keine Zeile dieser Antwort beginnt mit `{}`",
  "no account, deal or person `{key}` has a pursuit in this book":
    "Kein Account, Deal und keine Person `{key}` hat in diesem Buch einen Vorgang",
  "a journey needs at least one lead, deal or stage mark of the buyer":
    "Eine Geschichte braucht wenigstens einen Lead, einen Deal oder eine Markierung einer Stufe des Käufers.",
  "give the key as the source writes it; a person of one of several namespaces as namespace:key":
    "Nennen Sie den Schlüssel, wie ihn die Quelle schreibt; eine Person aus einer von mehreren Quellen als quelle:schlüssel.",
  "`{text}` is given twice": "`{text}` steht zweimal da",
  "`{text}` has two owners": "`{text}` gehört zweien",
  "`{text}` is not a dimension of this charter": "`{text}` ist keine Dimension dieser Charta",
  "{shown} names several people or accounts": "{shown} nennt mehrere Personen oder Accounts",
  "{} and {} are not two people or two accounts":
    "{} und {} sind nicht zwei Personen oder zwei Accounts",
  "nothing was written: only keys of one kind can be one thing":
    "Nichts wurde geschrieben: Nur Schlüssel gleicher Art können eines sein.",
  "give two different keys, both of people or both of accounts":
    "Nennen Sie zwei verschiedene Schlüssel, beide von Personen oder beide von Accounts.",
  "nothing was written: it would be a guess which of them is meant":
    "Nichts wurde geschrieben: Welcher gemeint ist, wäre geraten.",
  "only the last word on two keys can be taken back, and only once":
    "Nur das letzte Wort über zwei Schlüssel lässt sich zurücknehmen, und nur einmal.",
  "`{name}` is not a model whose credits add up":
    "`{name}` ist kein Modell, dessen Zurechnungen sich zusammenzählen",
  "`{name}` is not a model of credit": "`{name}` ist kein Modell der Zurechnung",
  "the charter names no handoff": "Die Charta nennt keine Übergabe",
  "nobody promised anything, so nothing can be in time or late":
    "Niemand hat etwas zugesagt, also kann nichts pünktlich oder verspätet sein.",
  "there is no deal `{key}` in this book": "Den Deal `{key}` gibt es in diesem Buch nicht",
  "give the deal's key as its source writes it":
    "Nennen Sie den Schlüssel des Deals, wie ihn seine Quelle schreibt.",
  "this answer has no passport: {why}": "Diese Antwort hat keinen Nachweis: {why}",
  "a passport must give the same again to whoever has the book":
    "Ein Nachweis muss jedem, der das Buch hat, wieder dasselbe geben.",
  "{} does not balance": "{} geht nicht auf",
  "this passport is not what was saved": "Dieser Nachweis ist nicht, was gespeichert wurde",
  "something in it was changed after it was sealed, so it proves nothing":
    "Etwas darin wurde nach dem Siegeln geändert, also beweist er nichts.",
  "the question of this passport is not understood: {why}":
    "Die Frage dieses Nachweises ist nicht zu verstehen: {why}",
  "verify it with the version that saved it, or a later one":
    "Prüfen Sie ihn mit der Version, die ihn gespeichert hat, oder einer späteren.",
  "the question was ended before it was answered":
    "Die Frage wurde beendet, bevor sie beantwortet war",
  "there is no answer; nothing was changed": "Es gibt keine Antwort; nichts wurde geändert.",
  "ask it again, for a shorter period or with fewer dimensions":
    "Fragen Sie noch einmal, für einen kürzeren Zeitraum oder mit weniger Dimensionen.",
  "you see some teams' rows, and this cannot be cut down to them: {why}":
    "Sie sehen die Zeilen einiger Teams, und dies lässt sich nicht darauf beschränken: {why}",
  "what is missing or set aside is of the whole book":
    "Was fehlt oder beiseiteliegt, betrifft das ganze Buch",
  "who is who is told of everybody": "Wer wer ist, gilt für alle",
  "what was learned since is told of the whole book":
    "Was seither bekannt wurde, betrifft das ganze Buch",
  "what is spent and what is aimed at is of no team's pursuits":
    "Ausgaben und Ziele gehören zu keines Teams Vorgängen",
  "a passport proves a figure to everybody who has the book":
    "Ein Nachweis beweist eine Zahl jedem, der das Buch hat",
  "nothing was shown: it would hold what is of others too":
    "Nichts wurde gezeigt: Es enthielte auch, was anderen gehört.",
  "ask for a funnel, a metric of deals, credit or a journey, which show your teams' rows; if all rows are yours to see, ask an admin to name no team for you":
    "Fragen Sie nach Trichter, Deals, Zurechnung oder einer Geschichte: Die zeigen die Zeilen Ihrer Teams. Dürfen Sie alle sehen, bitten Sie einen Admin, Ihnen kein Team zuzuordnen.",
  "use fewer or coarser dimensions, or a shorter period":
    "Teilen Sie nach weniger oder Gröberem, oder wählen Sie einen kürzeren Zeitraum.",
  "use fewer or coarser dimensions": "Teilen Sie nach weniger oder Gröberem.",
  "keep one of week, month, quarter, year in --by":
    "Teilen Sie nur nach Woche, Monat, Quartal oder Jahr.",
  "name a stage of the path, or won": "Nennen Sie eine Stufe des Pfads, oder gewonnen.",
  "one of: {}": "Eines von: {}",
  "a statistical model of so many says nothing of any of them":
    "Ein statistisches Modell von so vielen sagt über keinen etwas.",
  "join small channels by rules in charter/channels.toml":
    "Fassen Sie kleine Kanäle in der Charta durch Regeln zusammen.",
  "amounts in a currency that nobody knows are never added or converted":
    "Beträge in einer Währung, die niemand kennt, werden nie zusammengezählt oder umgerechnet.",
  "`{currency}` is no currency of ISO 4217": "`{currency}` ist keine Währung nach ISO 4217",
  "`{said}` is no currency of ISO 4217": "`{said}` ist keine Währung nach ISO 4217",
  "`{said}` is not a time zone": "`{said}` ist keine Zeitzone",
  "times without an offset are read in this zone": "Zeiten ohne Zone werden in dieser gelesen.",
};

/** What is done in a book and refused. */
const done: Record<string, string> = {
  "both teams have signers in this book, so a charter needs both signatures":
    "Beide Teams haben in diesem Buch Unterzeichner, eine Charta braucht also beide Unterschriften",
  "`{name}` is signed for {side} by {signer}: only a signer withdraws it":
    "`{name}` ist für {side} von {signer} unterschrieben: Nur wer unterschreibt, zieht es zurück",
  "the copy is not sound: {}{more}": "Die Kopie ist nicht in Ordnung: {}{more}",
  "{place} {day} has not come yet": "{place} {day} ist noch nicht da",
  "no source of this book issues person keys as `{wrong}`":
    "Keine Quelle dieses Buchs vergibt Schlüssel von Personen wie `{wrong}`",
  "nobody is known as `{key}`": "Als `{key}` ist niemand bekannt",
  "`{key}` is a key of several sources": "`{key}` ist ein Schlüssel mehrerer Quellen",
  "this address has {} keys that are not one person's":
    "Diese Adresse hat {} Schlüssel, die nicht einer Person gehören",
  "`{}` has a source `{name}` already": "`{}` hat schon eine Quelle `{name}`",
  "no charter was in force then": "Damals galt keine Charta",
  "without definitions nothing can be counted": "Ohne Definitionen lässt sich nichts zählen.",
  "`{definition}` cannot be conceded: {why}": "`{definition}` kann man nicht nachgeben: {why}",
  "`{stage}` is no stage before the end of a pursuit":
    "`{stage}` ist keine Stufe vor dem Ende eines Vorgangs",
  "only of such a stage can be asked whether it predicts the end":
    "Nur von einer solchen Stufe kann man fragen, ob sie das Ende voraussagt.",
  "fewer than ten pursuits were won before the time that is tested":
    "Weniger als zehn Vorgänge wurden vor der geprüften Zeit gewonnen",
  "how long a pursuit needs to win cannot be told from them":
    "Wie lange ein Vorgang bis zum Gewinn braucht, lässt sich daran nicht sehen.",
  "`{shares}` does not share a deal out": "`{shares}` teilt keinen Deal auf",
  "`{name}` cannot be forward-only: {all}": "`{name}` kann nicht nur für die Zukunft gelten: {all}",
  "these are said of all the past at once; only what enters or leaves a stage and what opens a pursuit happens on a day":
    "Dies gilt auf einmal für alles Vergangene; nur was in eine Stufe eintritt, sie verlässt oder einen Vorgang eröffnet, geschieht an einem Tag.",
  "propose these in a draft of their own, without --forward-only; a stage that is to end stays, with a mark that nobody uses":
    "Schlagen Sie dies in einem eigenen Entwurf vor, der auch für Vergangenes gilt; eine Stufe, die enden soll, bleibt mit einer Markierung, die niemand verwendet.",
  "nothing was signed: a ruling is not overturned unseen":
    "Nichts wurde unterschrieben: Kein Entscheid wird ungesehen aufgehoben.",
  "only a signer of a team can sign for its side":
    "Nur wer für ein Team unterschreibt, kann für dessen Seite unterschreiben.",
  "one team could otherwise change what the other team's figures mean":
    "Sonst könnte ein Team ändern, was die Zahlen des anderen bedeuten.",
  "nothing was written over it": "Nichts wurde überschrieben.",
  "propose the change: both teams see what it does to the figures":
    "Schlagen Sie die Änderung vor: Beide Teams sehen, was sie an den Zahlen ändert.",
  "{label} is not closed": "{label} ist nicht geschlossen",
  "what is kept of a period that goes on would be restated by every new day":
    "Was von einem laufenden Zeitraum festgehalten wird, änderte jeder neue Tag.",
  "close it once it is over": "Schließen Sie ihn, wenn er vorbei ist.",
  "a second close would hide what changed since the first":
    "Ein zweiter Abschluss verdeckte, was sich seit dem ersten änderte.",
  "what comes in of its last days would all be told as restatements":
    "Was von seinen letzten Tagen noch kommt, erschiene alles als Änderung.",
  "a close keeps figures that can be asked for again":
    "Ein Abschluss hält Zahlen fest, nach denen man wieder fragen kann.",
  "a name, what splits it, and a currency that amounts are turned into: 'revenue by rep+month in EUR'":
    "Ein Name, wonach geteilt wird, und eine Währung: 'revenue by rep+month in EUR'",
  "`{text}` asserts nothing: {why}": "`{text}` bestätigt nichts: {why}",
  "commit {number} asserts nothing": "Nr. {number} bestätigt nichts",
  "amounts of two currencies are never compared": "Beträge zweier Währungen werden nie verglichen.",
  "what is open would be taken as known to stay open until then; nothing was imported":
    "Was offen ist, gälte als bis dahin offen; nichts wurde importiert.",
  "the last day that the export shows in full, mostly the day before it was made":
    "Der letzte Tag, den der Export ganz zeigt; meist der Tag vor dem Export.",
  "nothing was done, for it would reach people who did not ask; the keys: {}":
    "Nichts wurde getan, denn es träfe Personen, die nicht darum baten; die Schlüssel: {}",
  "nothing was done: the same key may name different people in two sources":
    "Nichts wurde getan: Derselbe Schlüssel kann in zwei Quellen verschiedene Personen meinen.",
  "this book has no source `{name}`": "Die Quelle `{name}` hat dieses Buch nicht",
  "`{name}` cannot be a file of a source": "`{name}` kann keine Datei einer Quelle sein",
  "a source is source.toml and SELECTs beside it; nothing was written":
    "Eine Quelle ist source.toml mit SELECTs daneben; nichts wurde geschrieben.",
  "as leads.person.sql: letters, digits, `.`, `_` and `-`":
    "Wie leads.person.sql: Buchstaben, Ziffern, `.`, `_` und `-`.",
  "there is no code `{code}`": "Den Code `{code}` gibt es nicht",
  "these events were not taken in; what was acknowledged before stays":
    "Diese Ereignisse wurden nicht aufgenommen; was vorher bestätigt wurde, bleibt.",
};

export const refused: Record<string, string> = {
  ...nothing,
  ...people,
  ...server,
  ...asked,
  ...done,
};
