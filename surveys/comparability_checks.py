"""What a definition file says of the version before: each concept once, with a status that fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from surveys.definition_checks import unknown_codes
from surveys.definition_document import Table, codes_of, questions_of, strings_in, tables_in
from surveys.definition_errors import DefinitionError


def check_comparability(document: Table) -> Iterator[DefinitionError]:
    """Every fault in the statuses and recodes of the concepts."""
    comparability = document.get("comparability")
    if not isinstance(comparability, dict):
        return
    asked = {
        (str(section.get("id")), str(question["concept"])): question
        for section in tables_in(document.get("sections"))
        for question in questions_of(section)
        if "concept" in question
    }
    named: Counter[tuple[str, str]] = Counter()
    for change in tables_in(comparability.get("changes")):
        section, status = str(change.get("section")), change.get("status")
        where = f"comparability of section '{section}'"
        for concept in strings_in(change.get("concepts")):
            named[section, concept] += 1
            if status == "dropped" and (section, concept) in asked:
                yield DefinitionError(
                    where, f"concept '{concept}' is 'dropped' but asked", "mend the status"
                )
            if status != "dropped" and (section, concept) not in asked:
                yield DefinitionError(
                    where, f"unknown concept '{concept}'", "mend the name or say 'dropped'"
                )
            elif status == "rescaled":
                known = codes_of(document, asked[section, concept])
                yield from _check_recode(where, concept, change.get("recode"), known)
        if status != "rescaled" and "recode" in change:
            yield DefinitionError(
                where, f"a recode with status '{status}'", "say 'rescaled' or remove the recode"
            )
    for (section, concept), times in named.items():
        if times > 1:
            yield DefinitionError(
                f"comparability of section '{section}'",
                f"concept '{concept}' is named more than once",
                "keep one status per concept",
            )
    for section, concept in asked:
        if (section, concept) not in named:
            yield DefinitionError(
                f"comparability of section '{section}'",
                f"concept '{concept}' has no status",
                "add it as identical, reworded, rescaled or new",
            )


def _check_recode(
    where: str, concept: str, recode: Any, known: list[str]
) -> Iterator[DefinitionError]:
    if not isinstance(recode, dict) or not recode:
        yield DefinitionError(
            where, f"concept '{concept}' is rescaled without a recode", 'add recode = { "1" = "2" }'
        )
        return
    what = f"recode of concept '{concept}' "
    codes = map(str, recode.values())
    yield from unknown_codes(where, what, codes, known, "the item")
