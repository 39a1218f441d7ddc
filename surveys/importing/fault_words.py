"""Every fault of a file to import and of its mapping, in English and in Dutch: the catalogue."""

from __future__ import annotations

# code: what is wrong and what to do, for the command line and for a page
WORDS: dict[str, tuple[str, str]] = {
    # the file as a whole
    "unknown_kind": (
        "is not .xlsx, .csv or .sav; save it as one of these",
        "Dit bestand is geen .xlsx, .csv of .sav. Sla het op als een van deze.",
    ),
    "not_its_name": (
        "is named {suffix}, but holds something else; save it as {suffix} again",
        "De naam eindigt op {suffix}, maar de inhoud is iets anders. Sla het opnieuw op.",
    ),
    "empty_file": ("is empty; choose another file", "Het bestand is leeg. Kies een ander bestand."),
    "encrypted": (
        "is encrypted or of an old kind; save it as {suffix} without a password",
        "Het bestand is beveiligd of van een oude soort. Sla het op als {suffix}, "
        "zonder wachtwoord.",
    ),
    "broken": (
        "cannot be read as {suffix}: it is damaged or cut off; save it again",
        "Het bestand is niet te lezen als {suffix}: het is beschadigd of niet compleet. "
        "Sla het opnieuw op.",
    ),
    "unreadable": (
        "cannot be read ({reason}); check its name and the rights",
        "Het bestand kan niet worden gelezen. Controleer de naam en de rechten.",
    ),
    "too_large": (
        "is too large: {what}, and at most {most} can be read; take out what is not needed",
        "Het bestand is te groot: {wat}. Het maximum is {most}. Haal weg wat niet nodig is.",
    ),
    "no_sheet": (
        "there is no sheet {asked}; the sheets are: {known}",
        "Er is geen blad {asked}. De bladen zijn: {known}.",
    ),
    "no_rows": (
        "there are no rows under the names of the columns; choose another sheet or file",
        "Er staan geen rijen onder de namen van de kolommen. Kies een ander blad of bestand.",
    ),
    "csv": ("{message}", "{dutch}"),
    # a cell
    "date": (
        "{given} is a date; make it a text or a number",
        "{given} is een datum. Maak er tekst of een getal van.",
    ),
    "error_cell": (
        "{given} is an error of the spreadsheet; mend the cell or empty it",
        "{given} is een fout van het rekenblad. Verbeter de cel of maak hem leeg.",
    ),
    "formula": (
        "holds a formula without its outcome; open the file in Excel and save it",
        "Hier staat een formule zonder uitkomst. Open het bestand in Excel en sla het op.",
    ),
    # the mapping, by itself
    "not_utf8": (
        "is not UTF-8 text; save the file as UTF-8",
        "Dit is geen UTF-8-tekst. Sla het bestand op als UTF-8.",
    ),
    "not_toml": ("is not TOML ({reason}); mend it", "Dit is geen geldige TOML ({reason})."),
    "unknown_key": (
        "unknown key {key}; use: {known}",
        "{key} is geen bekende naam. Gebruik: {known}.",
    ),
    "wrong_shape": ("{key} is not {shape}; mend it", "{key} is geen {vorm}. Verbeter dit."),
    "layout": (
        'the layout is {given}; write "wide" or "long"',
        'De indeling is {given}. Schrijf "wide" of "long".',
    ),
    # the mapping, beside the questionnaire and the file
    "no_role": (
        "no column is named for the {role}; choose one",
        "Er is geen kolom gekozen voor {rol}. Kies er een.",
    ),
    "unknown_column": (
        "the file has no column {given}; choose one that it has",
        "Het bestand heeft geen kolom {given}. Kies een kolom die er wel is.",
    ),
    "column_twice": (
        "the column is used for {first} and for {second}; choose one of these",
        "De kolom is gekozen voor {eerste} en voor {tweede}. Kies een van beide.",
    ),
    "unmapped_column": (
        "holds data, but is not mapped; choose its question or leave it out",
        "Deze kolom heeft gegevens, maar hoort nog nergens bij. Kies de vraag of laat hem weg.",
    ),
    "column_and_left_out": (
        "the column is both used and left out; choose one of the two",
        "De kolom wordt gebruikt en ook weggelaten. Kies een van beide.",
    ),
    "unknown_item": (
        "the questionnaire has no question {given}; mend the name",
        "De vragenlijst heeft geen vraag {given}. Verbeter de naam.",
    ),
    "unknown_scale": (
        "the questionnaire has no scale {given}; use one of: {known}",
        "De vragenlijst heeft geen schaal {given}. Gebruik een van: {known}.",
    ),
    "unmapped_item": (
        "no column is chosen for the question; choose one, or say that it was not asked",
        "Voor deze vraag is geen kolom gekozen. Kies er een, of geef aan dat hij niet is gevraagd.",
    ),
    "asked_and_not": (
        "the question has a column and is listed as not asked; choose one of the two",
        "De vraag heeft een kolom en staat ook bij niet gevraagd. Kies een van beide.",
    ),
    "several_columns": (
        "the question has a column and columns per option; choose one of the two",
        "De vraag heeft een kolom en ook kolommen per antwoord. Kies een van beide.",
    ),
    "not_wide": (
        "a long file has no column per question; name only the question as the file does",
        "Een lang bestand heeft geen kolom per vraag. Geef alleen de naam van de vraag.",
    ),
    "not_long": (
        "'name' is for a long file only; choose a column",
        "Een naam in het bestand hoort alleen bij een lang bestand. Kies een kolom.",
    ),
    "name_twice": (
        "the name {given} is used for {first} too; choose one",
        "De naam {given} is ook gekozen voor {first}. Kies een van beide.",
    ),
    "not_multiple": (
        "options and a separator are for a question with several answers only",
        "Kolommen per antwoord en een scheidingsteken horen alleen bij een vraag met "
        "meer antwoorden.",
    ),
    "unknown_option": (
        "the question has no option {given}; use one of: {known}",
        "De vraag heeft geen antwoord {given}. Gebruik een van: {known}.",
    ),
    "unknown_meaning": (
        "the value {given} stands for {meaning}, which is unknown; use one of: {known}",
        "De waarde {given} staat voor {meaning}, en dat is onbekend. Gebruik een van: {known}.",
    ),
    # the answers
    "no_region": (
        "the row has answers, but no region; fill in its number",
        "De rij heeft antwoorden, maar geen regio. Vul het nummer in.",
    ),
    "region_unknown": (
        "region {given} is not in the register; mend the number or add the region",
        "Regio {given} staat niet in het register. Verbeter het nummer of voeg de regio toe.",
    ),
    "region_twice": (
        "region {given} is in row {first} too; keep one of the two rows",
        "Regio {given} staat ook in rij {first}. Houd een van de twee rijen.",
    ),
    "item_twice": (
        "the question is answered in row {first} too; keep one of the two rows",
        "De vraag is ook beantwoord in rij {first}. Houd een van de twee rijen.",
    ),
    "unmapped_name": (
        "{given} is not a question that is mapped; choose its question or leave it out",
        "{given} hoort nog bij geen vraag. Kies de vraag of laat deze weg.",
    ),
    "unmeant_missing": (
        "{given} is a missing value in SPSS; say which reason it stands for",
        "{given} is in SPSS een ontbrekende waarde. Geef aan welke reden dit is.",
    ),
    "answer": (
        "{given} cannot be an answer here: {reason}; mend it, or say what it stands for",
        "{given} kan hier geen antwoord zijn. {dutch} Of geef aan waar het voor staat.",
    ),
    "unknown_tick": (
        "{given} says neither chosen nor not chosen; say what it stands for",
        "{given} is niet gekozen en ook niet niet-gekozen. Geef aan waar het voor staat.",
    ),
    "reason_beside": (
        "there is a reason for no answer ({reason}) beside an answer; keep one of the two",
        "Er staat een reden voor geen antwoord ({reason}) naast een antwoord. Houd een van beide.",
    ),
    "not_asked": (
        "the question is answered, but is not asked given the answer on '{on}'; mend one of the "
        "two, or map the value to niet_gevraagd",
        "De vraag is beantwoord, maar wordt niet gesteld bij dit antwoord op '{on}'. Verbeter een "
        "van beide, of kies 'niet gevraagd' voor de waarde.",
    ),
    "required": (
        "the question is required and has no answer; fill it in, or map the empty value",
        "De vraag is verplicht en heeft geen antwoord. Vul het in, of geef aan waar leeg voor "
        "staat.",
    ),
    # doubts about a proposal
    "doubtful_column": (
        "the column looks like the question ({alike}% alike); check it",
        "De kolom lijkt op de vraag (voor {alike}%). Controleer dit.",
    ),
    "tied_column": (
        "the column fits several questions; chosen by order, check it",
        "De kolom past bij meer vragen. Gekozen op volgorde: controleer dit.",
    ),
    "doubtful_value": (
        "{given} looks like '{meaning}'; check it",
        "{given} lijkt op '{meaning}'. Controleer dit.",
    ),
    "ordered_values": (
        "the values are taken in the order of the answers; check it",
        "De waarden zijn gekozen op de volgorde van de antwoorden. Controleer dit.",
    ),
    "unknown_value": (
        "nothing is known of {given}; say what it stands for",
        "Onbekend is waar {given} voor staat. Geef dit aan.",
    ),
    "reason_not_offered": (
        "{given} is read as skipped: the question does not offer '{meaning}'; check it",
        "{given} telt als overgeslagen: '{meaning}' kan niet bij deze vraag. Controleer dit.",
    ),
    "no_option_column": (
        "no column was found for option '{given}'; choose one if there is",
        "Voor antwoord '{given}' is geen kolom gevonden. Kies er een als die er is.",
    ),
}
