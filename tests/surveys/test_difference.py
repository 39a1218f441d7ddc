"""What a changed definition changes, in sentences, and nothing where nothing changed."""

from __future__ import annotations

import copy
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surveys import items, questionnaire
from surveys.definition import DEFINITIONS as PUBLISHED
from surveys.definition import (
    Definition,
    InvalidDefinition,
    hash_content,
    parse_definition,
    read_definition,
)
from surveys.versions.difference import Change, Where, compare_definitions, compare_questionnaires
from surveys.versions.words import FIELDS
from tests.surveys.strategies import definitions, steady, write_toml

DEFINITIONS = Path(__file__).parents[1] / "definitions"
NAMES = (
    "all_types",
    "answer_rules",
    "previous_answers",
    "references",
    "routing",
    "scores",
    "two_languages",
)
SOURCES = {name: (DEFINITIONS / f"{name}.toml").read_text(encoding="utf-8") for name in NAMES}
NO_ITEM = "[[sections.items]]\n"


def compare(name: str, *replacements: tuple[str, str]) -> tuple[Change, ...]:
    """The changes where each text in a definition becomes another."""
    changed = SOURCES[name]
    for old, new in replacements:
        assert old in changed
        changed = changed.replace(old, new, 1)
    return compare_definitions(parse_definition(SOURCES[name]), parse_definition(changed))


# Where, what becomes what in the file, and the one sentence that tells it.
SENTENCES: dict[str, tuple[str, str, str, Where, str, str]] = {
    "title": (
        "routing",
        'title = "Vervolgvragen"',
        'title = "Vragen"',
        Where(),
        "title",
        "De vragenlijst: de titel was 'Vervolgvragen' en wordt 'Vragen'.",
    ),
    "introduction": (
        "routing",
        'title = "Vervolgvragen"',
        'title = "Vervolgvragen"\nintroduction = "Welkom"',
        Where(),
        "introduction",
        "De vragenlijst: de inleiding was leeg en wordt 'Welkom'.",
    ),
    "version": (
        "routing",
        'version = "1"',
        'version = "2"',
        Where(),
        "version",
        "De vragenlijst: de versie was '1' en wordt '2'.",
    ),
    "title of a section": (
        "routing",
        'title = "Begin"',
        'title = "Start"',
        Where("begin"),
        "title",
        "Blok 'Start': de titel was 'Begin' en wordt 'Start'.",
    ),
    "text": (
        "routing",
        'text = "Bent u bezig?"',
        'text = "Bent u al bezig?"',
        Where("begin", "bezig"),
        "text",
        "Vraag 'bezig': de tekst was 'Bent u bezig?' en wordt 'Bent u al bezig?'.",
    ),
    "text of a row": (
        "references",
        'text = "Rij een"',
        'text = "Rij 1"',
        Where("eerste", "rij_een"),
        "text",
        "Vraag 'rij_een': de tekst was 'Rij een' en wordt 'Rij 1'.",
    ),
    "help": (
        "routing",
        'text = "Bent u bezig?"',
        'text = "Bent u bezig?"\nhelp = "Echt"',
        Where("begin", "bezig"),
        "help",
        "Vraag 'bezig': de toelichting was leeg en wordt 'Echt'.",
    ),
    "required": (
        "routing",
        "required = true",
        "required = false",
        Where("begin", "waarmee"),
        "required",
        "Vraag 'waarmee': verplicht was 'ja' en wordt 'nee'.",
    ),
    "condition added": (
        "references",
        'text = "Een cijfer"',
        'text = "Een cijfer"\ncondition = { item = "oordeel", codes = [2, 3] }',
        Where("tweede", "cijfer"),
        "condition",
        "Vraag 'cijfer': de voorwaarde was leeg en wordt "
        "'alleen na enigszins (2) of veel (3) op vraag oordeel'.",
    ),
    "scale of a matrix": (
        "references",
        'scale = "eens"',
        'scale = "mate"',
        Where("eerste", "rooster"),
        "scale",
        "Vraag 'rooster': de antwoordschaal was 'eens' en wordt 'mate'.",
    ),
    "choice of a scale added": (
        "routing",
        '{ code = 2, label = "veel" }]',
        '{ code = 2, label = "veel" }, { code = 3, label = "alles" }]',
        Where(scale="mate", choice="3"),
        "added",
        "Antwoordschaal 'mate', antwoord '3' is nieuw: 'alles'.",
    ),
    "choice removed": (
        "references",
        '    { code = "b", label = "Vorm b" },\n',
        "",
        Where("tweede", "vormen", choice="b"),
        "removed",
        "Vraag 'vormen', antwoord 'b' vervalt: 'Vorm b'.",
    ),
    "choice relabelled": (
        "references",
        'label = "Vorm b"',
        'label = "Vorm B"',
        Where("tweede", "vormen", choice="b"),
        "label",
        "Vraag 'vormen', antwoord 'b': het label was 'Vorm b' en wordt 'Vorm B'.",
    ),
    "choice that stands alone": (
        "references",
        "exclusive = true",
        "exclusive = false",
        Where("tweede", "vormen", choice="geen"),
        "exclusive",
        "Vraag 'vormen', antwoord 'geen': alleen te kiezen zonder andere antwoorden "
        "was 'ja' en wordt 'nee'.",
    ),
    "share": (
        "references",
        'label = "veel", codes = [3]',
        'label = "veel", codes = [2, 3]',
        Where(scale="mate", choice="veel"),
        "codes",
        "Antwoordschaal 'mate', aandeel 'veel': de lijst van antwoordcodes was '3' "
        "en wordt '2, 3'.",
    ),
    "range of a number": (
        "answer_rules",
        "minimum = -2.5",
        "minimum = -3.5",
        Where("blok", "temperatuur"),
        "minimum",
        "Vraag 'temperatuur': het minimum was '-2,5' en wordt '-3,5'.",
    ),
    "range of a large number": (
        "answer_rules",
        "maximum = 5000",
        "maximum = 12345678",
        Where("blok", "leerlingen"),
        "maximum",
        "Vraag 'leerlingen': het maximum was '5000' en wordt '12345678'.",
    ),
    "range of a grade": (
        "references",
        "maximum = 10",
        "maximum = 8",
        Where("tweede", "cijfer"),
        "maximum",
        "Vraag 'cijfer': het maximum was '10' en wordt '8'.",
    ),
    "concept": (
        "routing",
        'concept = "bezig"',
        'concept = "werk"',
        Where("begin", "bezig"),
        "concept",
        "Vraag 'bezig': het aandachtspunt was 'bezig' en wordt 'werk'.",
    ),
    "policy for the previous answer": (
        "previous_answers",
        'id = "stil"',
        'previous = "after"\nid = "stil"',
        Where("blok", "stil"),
        "previous",
        "Vraag 'stil': het tonen van het vorige antwoord was 'nooit' en wordt 'na het antwoord'.",
    ),
    "steps of a large move": (
        "previous_answers",
        "ask_about_move = 2",
        "ask_about_move = 1",
        Where("blok", "schaal"),
        "ask_about_move",
        "Vraag 'schaal': het aantal stappen waarbij 'Klopt dit?' wordt gevraagd "
        "was '2' en wordt '1'.",
    ),
    "score": (
        "scores",
        "minimum = 2",
        "minimum = 3",
        Where("schalen", "schalen_score"),
        "minimum",
        "Blokscore 'schalen_score': het minimum was '2' en wordt '3'.",
    ),
    "index": (
        "references",
        'label = "wel", minimum = 1',
        'label = "wel", minimum = 2',
        Where(item="vormen_index", choice="wel"),
        "minimum",
        "Index 'vormen_index', niveau 'wel': het minimum was '1' en wordt '2'.",
    ),
    "comparability": (
        "references",
        'note = "De schaal had vier antwoorden."',
        'note = "Vier antwoorden."',
        Where("eerste", "oordeel"),
        "note",
        "Aandachtspunt 'oordeel' in blok 'eerste': de noot was "
        "'De schaal had vier antwoorden.' en wordt 'Vier antwoorden.'.",
    ),
    "recode": (
        "references",
        "2 = 1, 3 = 2, 4 = 3",
        "2 = 2, 3 = 2, 4 = 3",
        Where("eerste", "oordeel"),
        "recode",
        "Aandachtspunt 'oordeel' in blok 'eerste': de omzetting was "
        "'1 wordt 1, 2 wordt 1, 3 wordt 2, 4 wordt 3' en wordt "
        "'1 wordt 1, 2 wordt 2, 3 wordt 2, 4 wordt 3'.",
    ),
    "translation": (
        "two_languages",
        'en = "How much?"',
        'en = "How many?"',
        Where("blok", "vraag"),
        "text",
        "Vertaling (en). Vraag 'vraag': de tekst was 'How much?' en wordt 'How many?'.",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_change_is_told_in_one_sentence(name: str) -> None:
    definition, old, new, where, kind, sentence = SENTENCES[name]
    (change,) = compare(definition, (old, new))
    assert change.sentence == sentence
    assert (change.where, change.kind) == (where, kind)


def sentences(changes: tuple[Change, ...]) -> list[str]:
    return [change.sentence for change in changes]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_changed_is_no_change(name: str) -> None:
    again = "# een opmerking\n" + SOURCES[name].replace(" = ", "  =  ")
    assert compare_definitions(parse_definition(SOURCES[name]), parse_definition(again)) == ()


def test_a_default_that_is_written_out_is_no_change() -> None:
    written = 'text = "Bent u bezig?"\nrequired = false\nprevious = "never"'
    assert compare("routing", ('text = "Bent u bezig?"', written)) == ()


def blocks(name: str) -> list[str]:
    """A definition file cut before each table of tables."""
    return SOURCES[name].split("\n[[")


def reorder(name: str, order: list[int]) -> tuple[Change, ...]:
    parts = blocks(name)
    changed = "\n[[".join([parts[0], *(parts[number] for number in order)])
    return compare_definitions(parse_definition(SOURCES[name]), parse_definition(changed))


def test_an_item_added_is_told_at_its_place() -> None:
    added, status = compare(
        "references",
        (
            '[[sections.items]]\ntype = "grade"',
            '[[sections.items]]\ntype = "yes_no"\nid = "extra"\nconcept = "extra"\ntext = "Nog?"\n'
            '\n[[sections.items]]\ntype = "grade"',
        ),
        ('["vormen", "cijfer"', '["vormen", "extra", "cijfer"'),
    )
    assert added == Change(
        "added", Where("tweede", "extra"), "Vraag 'extra' is nieuw: 'Nog?'.", new="Nog?"
    )
    assert (status.kind, status.new) == ("status", "anders geformuleerd")


def test_an_item_removed_is_told_behind_what_it_stood_behind() -> None:
    # answer_rules: without 'fijn', while its neighbours change
    changes = reorder("answer_rules", [1, 2, 3, 5, 6, 7, 8])
    assert sentences(changes) == ["Vraag 'fijn' vervalt: 'Hoe fijn?'."]
    assert (changes[0].kind, changes[0].old, changes[0].new) == ("removed", "Hoe fijn?", "")
    old = SOURCES["answer_rules"]
    gone = "\n[[".join(part for n, part in enumerate(blocks("answer_rules")) if n != 4)
    gone = gone.replace("Hoe warm?", "Warm?").replace("Van 0 tot en met 5?", "Nul tot vijf?")
    found = compare_definitions(parse_definition(old), parse_definition(gone))
    assert [change.where.item for change in found] == ["temperatuur", "fijn", "stuiver"]


def test_an_item_that_moves_is_told_once_and_its_neighbours_are_not() -> None:
    changes = reorder("answer_rules", [1, 3, 4, 5, 6, 7, 2, 8])
    assert sentences(changes) == ["Vraag 'leerlingen' staat op een andere plaats."]


def test_an_item_that_goes_to_another_section_is_moved_and_not_removed() -> None:
    changes = compare_questionnaires(
        parse_definition(SOURCES["all_types"]).questionnaire,
        parse_definition(
            _move_section(SOURCES["all_types"], "getypt", before='type = "yes_no"')
        ).questionnaire,
    )
    assert sentences(changes) == [
        "Vraag 'ja_nee' gaat van blok 'Gesloten vragen' naar blok 'Getypte vragen'."
    ]
    assert changes[0].where == Where("getypt", "ja_nee")
    assert (changes[0].old, changes[0].new) == ("blok 'Gesloten vragen'", "blok 'Getypte vragen'")


def _move_section(source: str, section: str, before: str) -> str:
    """The heading of a section, put before an earlier item."""
    head = f'[[sections]]\nid = "{section}"\ntitle = "Getypte vragen"\n\n'
    assert head in source
    item = NO_ITEM + before
    return source.replace(head, "").replace(item, head + item)


def test_a_row_that_leaves_its_matrix_is_moved_with_what_the_matrix_said_of_it() -> None:
    changes = compare(
        "all_types",
        ('    { id = "rij_twee", concept = "rij_twee", text = "Rij twee" },\n', ""),
        (
            '[[sections.items]]\ntype = "yes_no"',
            '[[sections.items]]\ntype = "scale"\nid = "rij_twee"\nconcept = "rij_twee"\n'
            'text = "Rij twee"\nscale = "mate"\nrequired = true\n\n'
            '[[sections.items]]\ntype = "yes_no"',
        ),
    )
    assert sentences(changes) == [
        "Vraag 'rij_twee' gaat van matrix 'matrix' naar blok 'Gesloten vragen'.",
        "Vraag 'rij_twee': verplicht was 'nee' en wordt 'ja'.",
        "Vraag 'rij_twee': de stam was 'Een matrix' en wordt leeg.",
    ]


def test_a_row_may_move_within_its_matrix() -> None:
    one = '    { id = "rij_een", concept = "rij_een", text = "Rij een" },\n'
    two = '    { id = "rij_twee", concept = "rij_twee", text = "Rij twee" },\n'
    (change,) = compare("references", (one + two, two + one))
    assert (change.kind, change.where.section) == ("moved", "eerste")
    assert change.where.item in ("rij_een", "rij_twee")


def test_choices_that_change_places_are_told() -> None:
    (change,) = compare(
        "references",
        (
            '    { code = 1, label = "weinig" },\n    { code = 2, label = "enigszins" },\n',
            '    { code = 2, label = "enigszins" },\n    { code = 1, label = "weinig" },\n',
        ),
    )
    assert (change.kind, change.where.scale) == ("moved", "mate")


def test_sections_that_change_places_are_told() -> None:
    (change,) = reorder("scores", [1, 2, 7, 8, 9, 10, 11, 3, 4, 5, 6, 12, 13, 14])
    assert change.kind == "moved"
    assert change.where in (Where("schalen"), Where("cijfers"))


def test_a_section_that_is_new_comes_with_its_items_and_score() -> None:
    old, new = SOURCES["scores"], blocks("scores")
    start = next(n for n, part in enumerate(new) if 'id = "cijfers"' in part)
    less = "\n[[".join([*new[:start], *new[start + 5 : start + 7]])
    added = compare_definitions(parse_definition(less), parse_definition(old))
    removed = compare_definitions(parse_definition(old), parse_definition(less))
    assert [change.kind for change in added[:6]] == ["added"] * 6
    assert added[0].sentence == "Blok 'Cijfers' is nieuw: 'Cijfers'."
    assert [change.where.item for change in added] == [
        "",
        "cijfers_score",
        "vormen",
        "cijfer_een",
        "cijfer_twee",
        "uitleg",
        "vormen_index",
    ]
    assert {change.kind for change in removed} == {"removed"}
    assert [change.where for change in removed] == [change.where for change in added]


def test_another_type_is_told_with_what_else_changes() -> None:
    assert sentences(compare("references", ('type = "short_text"', 'type = "long_text"'))) == [
        "Vraag 'uitleg': het type was 'korte tekst' en wordt 'lange tekst'.",
        "Vraag 'uitleg': het grootste aantal tekens was '200' en wordt '2000'.",
    ]


def test_a_long_text_is_not_repeated_in_the_sentence_but_given_in_full() -> None:
    long = "Lang. " * 60
    (change,) = compare("routing", ('"Bent u bezig?"', f'"{long}"'))
    assert change.sentence == "Vraag 'bezig': de tekst is gewijzigd."
    assert (change.old, change.new) == ("Bent u bezig?", long.strip())


def test_a_short_text_of_several_lines_is_not_repeated_either() -> None:
    (change,) = compare("routing", ('"Bent u bezig?"', '"Bent u bezig\\nof niet?"'))
    assert change.sentence == "Vraag 'bezig': de tekst is gewijzigd."


def test_what_is_new_in_every_language_is_told_once() -> None:
    more = '{ code = 3, label = { nl = "meer", en = "more" } },\n    { code = 2'
    (change,) = compare("two_languages", ("{ code = 2", more))
    assert change.sentence == "Antwoordschaal 'mate', antwoord '3' is nieuw: 'meer'."


def test_a_text_changed_in_dutch_alone_is_told_once() -> None:
    (change,) = compare("two_languages", ('help = "Schat het."', 'help = "Schat."'))
    assert change.sentence == "Vraag 'vraag': de toelichting was 'Schat het.' en wordt 'Schat.'."


def test_changes_stand_in_the_order_of_the_questionnaire() -> None:
    changes = compare(
        "references",
        ('text = "Waarom?"', 'text = "Hoezo?"'),
        ('title = "Eerste blok"', 'title = "Begin"'),
        ('text = "Een oordeel"', 'text = "Uw oordeel"'),
        ('label = "enigszins"', 'label = "wat"'),
        ('title = "Verwijzingen"', 'title = "Nieuw"'),
        ('text = "Vormen"', 'text = "De vormen"'),
    )
    assert [(change.where.section, change.where.item, change.kind) for change in changes] == [
        ("", "", "title"),
        ("", "", "label"),
        ("eerste", "", "title"),
        ("eerste", "oordeel", "text"),
        ("tweede", "uitleg", "text"),
        ("", "vormen_index", "text"),
    ]


def test_the_published_versions_differ_where_they_say_so() -> None:
    old, new = (
        read_definition(PUBLISHED / f"sto_programmaleiders_{wave}.toml") for wave in (2021, 2024)
    )
    changes = compare_definitions(old, new)
    told = {(change.kind, change.where.item) for change in changes}
    assert ("removed", "aandacht_regioplan") in told
    assert ("added", "aandacht_nieuwe_fase") in told
    assert ("text", "borging_bezig") in told


def test_every_field_of_a_definition_is_told() -> None:
    apart = {"scales", "sections", "indexes", "items", "rows", "choices", "levels", "shares"}
    apart |= {"score", "comparability", "section", "concepts", "changes"}
    parts = {
        part
        for module in (items, questionnaire)
        for part in vars(module).values()
        if isinstance(part, type) and part.__module__ == module.__name__ and is_dataclass(part)
        if part is not items.Condition
    }
    assert len(parts) > 15
    named = {field.name for part in parts for field in fields(part)}
    assert named - apart == FIELDS.keys()


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every (holder, key or number) in a document."""
    for key, entry in list(node.items() if isinstance(node, dict) else enumerate(node)):
        yield node, key
        if isinstance(entry, dict | list):
            yield from places(entry)


def mutate(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """The document with one place changed into something of the same kind, or removed."""
    changed = copy.deepcopy(document)
    holder, key = data.draw(st.sampled_from(list(places(changed))))
    match holder[key]:
        case bool(flag):
            holder[key] = not flag
        case int() | float():
            holder[key] += data.draw(st.sampled_from([-1, 1]))
        case str(text):
            others = [h[k] for h, k in places(document) if isinstance(h[k], str)]
            holder[key] = data.draw(st.sampled_from([text + "x", *others]))
        case list(entries):
            holder[key] = data.draw(
                st.permutations(entries) | st.sampled_from([entries[:-1], entries[1:]])
            )
        case dict():
            del holder[key]
    return changed


@steady
@given(definitions() | st.sampled_from(list(SOURCES.values())), st.data())
def test_two_versions_that_mean_something_else_always_differ(
    source: str, data: st.DataObject
) -> None:
    old = tomllib.loads(source)
    new = mutate(old, data)
    assume(hash_content(new) != hash_content(old))
    before, after = parse_definition(source), parse_or_reject(write_toml(new))
    changes = compare_definitions(before, after)
    languages = ("nl", "en")
    same = all(meaning(before, language) == meaning(after, language) for language in languages)
    assert bool(changes) is not same
    back = compare_definitions(after, before)
    assert mirror(changes) == mirror(back, added="removed", removed="added")
    for change in changes:
        assert change.sentence.endswith(".")
        assert "\n" not in change.sentence
        if change.kind != "moved":
            assert change.old != change.new


def meaning(definition: Definition, language: str) -> object:
    """What is asked; in what is said of the version before, neither order nor grouping counts."""
    asked = parse_definition(definition.source, language).questionnaire
    said = asked.comparability
    declared = {
        (change.section, concept): (change.status, change.recode, change.note)
        for change in (said.changes if said else ())
        for concept in change.concepts
    }
    return replace(asked, comparability=None), said and said.previous, declared


def mirror(changes: tuple[Change, ...], **names: str) -> Counter[tuple[str, Where]]:
    """What changed where; which of two neighbours moved past the other is anybody's guess."""
    return Counter(
        (names.get(change.kind, change.kind), change.where)
        for change in changes
        if change.kind != "moved"
    )


def parse_or_reject(source: str) -> Definition:
    try:
        return parse_definition(source)
    except InvalidDefinition:
        assume(False)
        raise
