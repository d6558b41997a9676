//! What the columns of exports are called, in several languages and tools, and what part of a
//! funnel each name points to.

use crate::currency::{bare, is_called_codes};

/// What a column is to the facts of its row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// Names a person.
    Person,
    /// Their e-mail.
    Email,
    /// Names a company.
    Account,
    /// Names a deal.
    Deal,
    /// Names a campaign.
    Campaign,
    /// Names whoever owns it.
    Owner,
    /// Where a lead or deal stands.
    Stage,
    /// What it was before and after.
    NewValue,
    /// Which field changed.
    Field,
    /// Since when it exists, or when it happened.
    Created,
    /// When it was decided, or will be.
    Closed,
    /// When it was given to its owner.
    Assigned,
    /// The last day that a row is about.
    LastDay,
    /// When it changed last.
    Modified,
    /// When a contact happened.
    Moment,
    /// Worth.
    Amount,
    /// Money spent.
    Spend,
    /// The currency of amounts.
    Currency,
    /// What kind of contact.
    Touch,
    /// Where a contact came from.
    Source,
    /// By which means.
    Medium,
    /// By which channel.
    Channel,
    /// The page seen.
    Page,
    /// Times shown.
    Impressions,
    /// Times clicked.
    Clicks,
    /// What the network counts as its doing.
    Conversions,
    /// Whether it was won.
    Won,
    /// Whether it is decided.
    Decided,
    /// Why it was lost.
    LossReason,
    /// Who is paid for a campaign.
    Vendor,
    /// The campaign that another is part of.
    Parent,
    /// A seller's team.
    Team,
    /// A seller's superior.
    Superior,
    /// The row's own name, of whatever it is.
    RowId,
}

impl Role {
    /// Every one, in order.
    pub const ALL: [Role; 34] = {
        use Role::*;
        [
            Person,
            Email,
            Account,
            Deal,
            Campaign,
            Owner,
            Stage,
            NewValue,
            Field,
            Created,
            Closed,
            Assigned,
            LastDay,
            Modified,
            Moment,
            Amount,
            Spend,
            Currency,
            Touch,
            Source,
            Medium,
            Channel,
            Page,
            Impressions,
            Clicks,
            Conversions,
            Won,
            Decided,
            LossReason,
            Vendor,
            Parent,
            Team,
            Superior,
            RowId,
        ]
    };

    /// In a few words, for reasons.
    pub fn word(self) -> &'static str {
        use Role::*;
        match self {
            Person => "names the person",
            Email => "their e-mail",
            Account => "names the company",
            Deal => "names the deal",
            Campaign => "names the campaign",
            Owner => "the owner",
            Stage => "where it stands",
            NewValue => "the new value",
            Field => "which field changed",
            Created => "when it began",
            Closed => "when it was decided",
            Assigned => "when it was given to its owner",
            LastDay => "the last day it is about",
            Modified => "when it changed last",
            Moment => "when it happened",
            Amount => "what it is worth",
            Spend => "what was spent",
            Currency => "the currency",
            Touch => "the kind of contact",
            Source => "the source",
            Medium => "the medium",
            Channel => "the channel",
            Page => "the page",
            Impressions => "times shown",
            Clicks => "times clicked",
            Conversions => "what the network counts as its doing",
            Won => "whether it was won",
            Decided => "whether it is decided",
            LossReason => "why it was lost",
            Vendor => "who is paid for it",
            Parent => "what it is part of",
            Team => "the team",
            Superior => "the superior",
            RowId => "names the row",
        }
    }
}

/// Names by role, the plainest first. A name may serve several roles; the kind of file decides.
const NAMES: [(Role, &str); 33] = [
    (
        Role::Person,
        "lead id|contact id|person id|prospect id|mql id|record id contact|record id lead|vid|\
         lead|contact|lead or contact id|who id|subscriber id|visitor id|customer id|user id|\
         client id|anonymous id|lead number|marketo id|kontakt id|lead nr|kundennummer|kunden id|\
         id contacto|id del contacto|id cliente|id do contato|id do lead|identifiant contact|\
         identifiant client|canonical vid",
    ),
    (
        Role::Email,
        "email|e mail|email address|contact email|lead email|customer email|buyer email|\
         billing email|work email|recipient|e mail adresse|\
         correo|correo electronico|correo electrónico|courriel|adresse email|adresse e mail|\
         email 1|person email",
    ),
    (
        Role::Account,
        "account id|company id|organization id|organisation id|associated company id|\
         primary associated company id|record id company|account name|account|company name|\
         company|organization|organisation|firma|unternehmen|kunde|empresa|compania|compañía|\
         cuenta|conta|entreprise|societe|société|compte|associated company|converted account id|\
         crm account fid",
    ),
    (
        Role::Deal,
        "opportunity id|deal id|record id deal|opportunity|opportunity number|deal|order id|\
         order number|order no|order nr|invoice id|invoice number|transaction id|\
         purchase id|bestellnummer|auftragsnummer|\
         verkaufschance|verkaufschancen id|id oportunidad|id de oportunidad|id da oportunidade|\
         id negocio|id do negocio|id de l opportunite|identifiant opportunite|opportunity name|\
         deal name|dealname",
    ),
    (
        Role::Campaign,
        "campaign id|utm campaign|campaign|campaign name|kampagne|kampagnen id|\
         campaña|campana|campanha|campagne",
    ),
    (
        Role::Owner,
        "owner id|opportunity owner|deal owner|contact owner|lead owner|owner|sales agent|\
         sales rep|rep|seller|salesperson|account executive|assigned to|hubspot owner id|sr id|\
         besitzer|inhaber|verkaufer|verkäufer|propietario|vendedor|responsable|proprietario|\
         proprietário|proprietaire|propriétaire|user|betreuer|kundenbetreuer|bearbeiter|\
         zuständig|zustandig|verantwortlicher|verantwortlich|zugewiesen an|asignado a",
    ),
    (
        Role::Stage,
        "stage name|deal stage|dealstage|stage|lifecycle stage|lifecyclestage|lead status|status|\
         pipeline stage|deal pipeline stage id|sales stage|hs lead status|phase|verkaufsphase|\
         etapa|fase|etape|étape|estado|lebenszyklusphase|fase del negocio|etapa do negocio|statut|\
         outcome|result",
    ),
    (
        Role::NewValue,
        "new value|new status|to stage|new stage|to status|neuer wert|neuer status|nuevo valor|\
         nuevo estado|novo valor|novo status|nouvelle valeur|nouveau statut",
    ),
    (
        Role::Field,
        "field|field name|field event|edited field|feld|campo|champ|primary attribute value",
    ),
    (
        Role::Created,
        "created date|create date|createdate|created at|created|date created|created on|\
         creation date|first contact date|engage date|date opened|opened|open date|inquiry date|\
         signup date|start date|order date|ordered at|order placed|purchase date|purchased at|\
         invoice date|bestelldatum|erstellt am|erstelldatum|erstellungsdatum|angelegt am|\
         angelegt|anlagedatum|anlegedatum|erstellt|eröffnet am|eröffnet|\
         fecha de creacion|fecha de creación|creado|data de criacao|data de criação|criado em|\
         date de creation|date de création|cree le|créé le|create time",
    ),
    (
        Role::Closed,
        "close date|closed date|closedate|closed at|won date|closed on|date closed|\
         actual close date|close time|abschlussdatum|geschlossen am|schlusstermin|\
         abgeschlossen am|abgeschlossen|abschluss am|geschlossen|entschieden am|\
         fecha de cierre|data de fechamento|fechado em|date de cloture|date de clôture|\
         closed|expected close date",
    ),
    (
        Role::Assigned,
        "assigned date|assigned at|assigned on|date assigned|assignment date|assigned|\
         hubspot owner assigneddate|owner assigned date|zugewiesen am|zuweisungsdatum|\
         zugeteilt am|zuteilungsdatum|fecha de asignacion|fecha de asignación|asignado el|\
         data de atribuicao|data de atribuição|atribuido em|atribuído em|date d attribution|\
         attribue le|attribué le",
    ),
    (
        Role::LastDay,
        "reporting ends|report end|period end|end of period|bis|enddatum|ende|hasta|até|\
         fin del informe|fin du rapport|fim dos relatórios",
    ),
    (
        Role::Modified,
        "last modified date|system modstamp|last modified|lastmodifieddate|modified date|\
         updated at|updated|modified time|modified|fivetran start|last modified at|\
         hs lastmodifieddate|last updated|zuletzt geandert|zuletzt geändert|geandert am|\
         geändert am|fecha de modificacion|fecha de modificación|atualizado em|\
         data de modificacao|modifie le|modifié le|date de modification",
    ),
    (
        Role::Moment,
        "timestamp|occurred at|activity date|event time|event date|date|datetime|date time|\
         started at|created|sent at|activity date time|time|day|date day|reporting starts|\
         inicio del informe|von|desde|month|\
         week|stat time day|stat time hour|date hour|changed|changed at|change date|edit date|\
         datum|tag|fecha|data|dia|date de|jour|monat|woche|mes|mês|mois|zeitpunkt|\
         converted at|created at|created date|at|when|\
         visited at|visit date|visit time|viewed at|clicked at|happened at|seen at|\
         session start|started on",
    ),
    (
        Role::Amount,
        "amount|deal amount|close value|deal value|value|revenue|acv|arr|mrr|contract value|\
         total value|opportunity amount|expected revenue|total|order total|grand total|\
         order amount|order value|total price|net total|subtotal|gesamtbetrag|gesamtsumme|\
         betrag|wert|umsatz|importe|monto|valor|\
         montant|total amount|price",
    ),
    (
        Role::Spend,
        "spend|cost|amount spent|spent|total spent|cost micros|spend micro|spend micros|\
         cost in local currency|total spend|media cost|billed charge local micro|\
         local spend amount|cost in usd|actual cost|ausgaben|kosten|ausgegebener betrag|gasto|\
         importe gastado|inversion|coste|costo|custo|valor gasto|valor usado|investimento|cout|\
         coût|depenses|dépenses|montant depense|montant dépensé|spend in micro dollar",
    ),
    (
        Role::Currency,
        "currency|currency code|currency iso code|currencyisocode|deal currency code|\
         amount currency|wahrung|währung|moneda|moeda|devise|currency name",
    ),
    (
        Role::Touch,
        "activity type|event type|event|event name|type name|action type|touch|touchpoint|\
         touchpoint type|interaction type|activity|page name|type|aktivitat|aktivität|evento|\
         actividad|atividade|evenement",
    ),
    (
        Role::Source,
        "utm source|lead source|source|original source|original source type|origin|lead origin|\
         account source|hs analytics source|leadsource|traffic source|quelle|leadquelle|\
         lead quelle|fuente|origen|fonte|origem|source du prospect|origine|referrer|\
         source parameter",
    ),
    (
        Role::Medium,
        "utm medium|medium|source type|medio|meio|medium parameter",
    ),
    (
        Role::Channel,
        "channel|marketing channel|advertising channel type|kanal|canal|default channel group",
    ),
    (
        Role::Page,
        "landing page|landing page id|page url|url|page|page path|first page seen|\
         landing page url|page name",
    ),
    (
        Role::Impressions,
        "impressions|impr|impressionen|impresiones|impressoes|impressões",
    ),
    (
        Role::Clicks,
        "clicks|link clicks|inline link clicks|klicks|clics|cliques|taps|swipes",
    ),
    (
        Role::Conversions,
        "conversions|total conversions|total conversion|konversionen|conversiones|conversões",
    ),
    (
        Role::Won,
        "is won|won|closed won|hs is closed won|is closed won|converted|is converted|\
         gewonnen|ganado|ganho|gagne",
    ),
    (
        Role::Decided,
        "is closed|closed|hs is closed|geschlossen|cerrado|fechado|cloture",
    ),
    (
        Role::LossReason,
        "loss reason|lost reason|closed lost reason|reason lost|verlustgrund|motivo de perdida|\
         motivo da perda|raison de la perte|rejection reason|reject reason|\
         disqualification reason|ablehnungsgrund|reason|grund",
    ),
    (
        Role::Vendor,
        "vendor|vendor name|agency|supplier|publisher|agentur|anbieter|dienstleister|lieferant|\
         proveedor|agencia|agência|fornecedor|agence|fournisseur",
    ),
    (
        Role::Parent,
        "parent campaign id|parent campaign|parent id|parent|part of|campaign group|\
         campaign group id|campaign group name|gehört zu|übergeordnete kampagne|\
         campaña principal|campanha principal|campagne parente",
    ),
    (
        Role::Team,
        "team|sales team|regional office|department|abteilung|equipo|equipe|équipe",
    ),
    (
        Role::Superior,
        "manager|sales manager|vorgesetzter|gerente|responsable commercial",
    ),
];

/// A header's name in plain small words: `LeadSource`, `lead_source` and `Lead Source` are one.
pub fn plain(name: &str) -> String {
    let mut words = String::new();
    let mut was_small = false;
    for c in name.chars() {
        let is_part = c.is_alphanumeric();
        let starts_word = c.is_uppercase() && was_small;
        if (starts_word || !is_part) && !words.ends_with(' ') && !words.is_empty() {
            words.push(' ');
        }
        if is_part {
            words.extend(c.to_lowercase());
        }
        was_small = c.is_lowercase() || c.is_ascii_digit();
    }
    let words = words.trim();
    let words = words.strip_prefix("property ").unwrap_or(words);
    let words = words.strip_prefix("properties ").unwrap_or(words);
    let words = match words.strip_suffix(" c") {
        Some(custom) if name.ends_with("__c") || name.ends_with("_c") => custom,
        _ => words,
    };
    words.to_owned()
}

/// The roles that a column of this name may have, each with its rank: 0 is the plainest name.
pub fn roles_of(name: &str) -> Vec<(Role, usize)> {
    // `Cost (USD)`, `Amount spent (EUR)`: the code says how, not what.
    let bare = bare(name);
    let name = plain(name);
    let mut found = Vec::new();
    for (role, names) in NAMES {
        let place = names
            .split('|')
            .map(str::trim)
            .position(|known| known == name || known == bare);
        found.extend(place.map(|place| (role, place)));
    }
    if matches!(
        name.as_str(),
        "id" | "record id" | "object id" | "hs object id" | "key" | "guid"
    ) {
        found.push((Role::RowId, 0));
    }
    let is_known = found.iter().any(|(role, _)| *role == Role::Currency);
    if !is_known && is_called_codes(&name) {
        found.push((Role::Currency, 50));
    }
    found
}

/// Words in the name of a column that is about one person, whatever it holds.
const PERSONAL: [&str; 53] = [
    "email",
    "mail",
    "phone",
    "mobile",
    "telephone",
    "tel",
    "fax",
    "telefon",
    "telefono",
    "telefone",
    "handy",
    "surname",
    "vorname",
    "nachname",
    "nombre",
    "apellido",
    "apellidos",
    "sobrenome",
    "prenom",
    "prénom",
    "nom",
    "firstname",
    "lastname",
    "fullname",
    "street",
    "strasse",
    "straße",
    "calle",
    "rua",
    "rue",
    "address",
    "adresse",
    "zip",
    "postal",
    "postcode",
    "plz",
    "birth",
    "dob",
    "birthday",
    "geburtsdatum",
    "ip",
    "latitude",
    "longitude",
    "linkedin",
    "skype",
    "facebook",
    "salutation",
    "signature",
    "password",
    "gender",
    "photo",
    "nickname",
    "alias",
];

/// Words that make a `name` the name of a thing.
const OF_THINGS: [&str; 22] = [
    "account",
    "company",
    "campaign",
    "deal",
    "opportunity",
    "product",
    "page",
    "stage",
    "list",
    "form",
    "file",
    "event",
    "ad",
    "group",
    "adgroup",
    "app",
    "domain",
    "team",
    "type",
    "budget",
    "forecast",
    "host",
];

/// Whether a name says that the column is about one person.
pub fn is_personal(name: &str) -> bool {
    let name = plain(name);
    let words: Vec<&str> = name.split(' ').collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let is_count = words
        .first()
        .is_some_and(|word| matches!(*word, "is" | "has" | "num" | "number"));
    let is_opt = name.contains("opt") || name.contains("do not") || words.last() == Some(&"id");
    if is_count || is_opt {
        return false;
    }
    let is_name = words.contains(&"name") || words.contains(&"names");
    let is_of_thing = has(&OF_THINGS);
    has(&PERSONAL) && !(is_of_thing && !name.contains("mail") && !name.contains("phone"))
        || (is_name && !is_of_thing)
}

/// The stage that a column of dates is about: `MQL Date`, `hs_lifecyclestage_lead_date`,
/// `Became a Customer Date`, `Date entered "Demo"`.
pub fn stage_of_date(name: &str) -> Option<String> {
    let name = plain(name);
    let name = name.strip_prefix("hs ").unwrap_or(&name);
    let between = |start: &str, end: &str| {
        let inner = name.strip_prefix(start)?.strip_suffix(end)?.trim();
        (!inner.is_empty()).then(|| inner.to_owned())
    };
    let found = between("lifecyclestage ", " date")
        .or_else(|| between("v2 date entered ", ""))
        .or_else(|| between("date entered ", ""))
        .or_else(|| between("became an ", " date"))
        .or_else(|| between("became a ", " date"))
        .or_else(|| between("stage entered ", ""));
    if let Some(found) = found {
        return (found != "current stage").then_some(found);
    }
    let short = name
        .strip_suffix(" date")
        .or_else(|| name.strip_suffix(" at"))
        .unwrap_or(name);
    const STAGES: [&str; 15] = [
        "mql",
        "sal",
        "sql",
        "sao",
        "inquiry",
        "qualified",
        "accepted",
        "rejected",
        "demo",
        "proposal",
        "negotiation",
        "discovery",
        "trial",
        "meeting",
        "disqualified",
    ];
    STAGES.contains(&short).then(|| short.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_in_any_spelling_and_several_languages() {
        for (name, role) in [
            ("Lead Source", Role::Source),
            ("LeadSource", Role::Source),
            ("property_createdate", Role::Created),
            ("Erstellt am", Role::Created),
            ("Fecha de cierre", Role::Closed),
            ("Closed", Role::Closed),
            ("Data de criação", Role::Created),
            ("Étape", Role::Stage),
            ("Amount spent (EUR)", Role::Spend),
            ("Cost", Role::Spend),
            ("Impr.", Role::Impressions),
            ("Record ID - Contact", Role::Person),
            ("opportunity_id", Role::Deal),
            ("sales_agent", Role::Owner),
            ("mql_id", Role::Person),
            ("SystemModstamp", Role::Modified),
            ("Angelegt", Role::Created),
            ("Anlagedatum", Role::Created),
            ("Abgeschlossen", Role::Closed),
            ("Abgeschlossen am", Role::Closed),
            ("Abschlussdatum", Role::Closed),
            ("Monat", Role::Moment),
            ("Zugewiesen am", Role::Assigned),
            ("Betreuer", Role::Owner),
        ] {
            assert_eq!(
                roles_of(name).first().map(|(role, _)| *role),
                Some(role),
                "{name}"
            );
        }
        assert!(roles_of("favourite_colour").is_empty());
        for name in ["local_spend_currency", "Order Currency Code"] {
            assert_eq!(roles_of(name), [(Role::Currency, 50)], "{name}");
        }
    }

    #[test]
    fn what_is_about_a_person_and_what_is_not() {
        for name in [
            "Email",
            "First Name",
            "Full name",
            "name",
            "Vorname",
            "mobile_phone",
            "IP address",
            "dob",
        ] {
            assert!(is_personal(name), "{name}");
        }
        for name in [
            "Account Name",
            "campaign_name",
            "page_name",
            "origin",
            "has_opted_out_of_email",
            "email_id",
        ] {
            assert!(!is_personal(name), "{name}");
        }
    }

    #[test]
    fn dates_of_stages() {
        for (name, stage) in [
            ("MQL Date", Some("mql")),
            ("property_hs_lifecyclestage_lead_date", Some("lead")),
            ("Became a Customer Date", Some("customer")),
            ("hs_v2_date_entered_closedwon", Some("closedwon")),
            ("Date entered \"Demo booked\"", Some("demo booked")),
            ("Qualified", Some("qualified")),
            ("Created Date", None),
            ("hs_v2_date_entered_current_stage", None),
        ] {
            assert_eq!(stage_of_date(name).as_deref(), stage, "{name}");
        }
    }
}
