"""The command line: `python -m db COMMAND`; each is described by `--help`."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections import Counter
from getpass import getpass
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import NoResultFound

from db.engine import database_url
from db.safekeeping import (
    NotEmbedded,
    Unusable,
    back_up,
    database_file,
    find_breaches,
    find_faults,
    restore,
)
from db.store import Store, open_store
from surveys.example import (
    plan_example_waves,
    read_example_definitions,
    read_example_register,
)
from surveys.mailing.app_address import InvalidAddress, read_app_address
from surveys.mailing.messages import AlreadySending
from surveys.mailing.sending import send_all
from surveys.mailing.smtp import NoPostbox, Outcome
from surveys.mailing.smtp_settings import InvalidSmtpSettings, SmtpSettings, read_smtp_settings
from surveys.microdata import to_csv
from surveys.microdata_workbook import to_xlsx
from surveys.plain_text import escape_terminal
from surveys.regions.register import InvalidRegister, read_register
from surveys.roles import ACCOUNT_ROLES, Role
from surveys.sign_in import LONGEST_NAME, LONGEST_PASSWORD, SHORTEST_PASSWORD, InvalidAccount
from surveys.tidy import InvalidAnswers, read_answers

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def _open() -> Store:
    return open_store(database_url())


def _stop(messages: list[str]) -> NoReturn:
    for message in messages:  # it may quote a file
        print(escape_terminal(message), file=sys.stderr)
    raise typer.Exit(2)


@app.command()
def upgrade() -> None:
    """Make the database, or bring its tables up to date."""
    _open().close()
    print("the database is up to date")


@app.command()
def example(answers: Annotated[Path, typer.Argument(help="Written by: analysis example")]) -> None:
    """Fill an empty database with the example waves; one that holds waves is left alone."""
    definitions = read_example_definitions()
    try:
        file = read_answers(answers, {w: d.questionnaire for w, d in definitions.items()})
    except InvalidAnswers as invalid:
        _stop([f"{answers}: {error}" for error in invalid.errors])
    except OSError as error:
        _stop([f"{answers}: cannot be read ({error.strerror})"])
    store = _open()
    loaded = store.waves.load_example(read_example_register(), plan_example_waves(file.responses))
    store.close()
    print("the example data are loaded" if loaded else "the database holds waves: left as it is")


@app.command()
def register(
    file: Annotated[Path, typer.Argument(help="CSV or Excel: region, naam, attributes.")],
) -> None:
    """Add regions, and take over their names and attributes; what is not named stays."""
    try:
        found = read_register(file)
    except InvalidRegister as invalid:
        _stop([f"{file}: {error}" for error in invalid.errors])
    except OSError as error:
        _stop([f"{file}: cannot be read ({error.strerror})"])
    store = _open()
    store.regions.keep_register(found)
    store.close()
    print(f"{len(found.regions)} regions are in the register")


@app.command()
def link(
    region: Annotated[str, typer.Argument(help="Registration number of the region.")],
    wave: Annotated[str, typer.Argument(help="Name of the wave.")],
    address: Annotated[str, typer.Option(help="Where the app is.")] = "http://127.0.0.1:8501",
) -> None:
    """Make a personal link for a region; an earlier link of that region stops working."""
    store = _open()
    try:
        token = store.invitations.renew(region, wave)
    except (NoResultFound, UnicodeEncodeError):  # half a character is in no database
        _stop([f"there is no region '{region}' or no wave '{wave}'"])
    finally:
        store.close()
    print(f"{address}/?uitnodiging={token}")


_WRITERS = {".csv": to_csv, ".xlsx": to_xlsx}


@app.command()
def export(
    wave: Annotated[str, typer.Argument(help="Name of the wave.")],
    file: Annotated[Path, typer.Argument(help="The file to be made: .csv or .xlsx.")],
) -> None:
    """Write the answers that regions submitted; open answers can hold names. It is in the trail."""
    write = _WRITERS.get(file.suffix.lower())
    if write is None:
        _stop([f"{file}: give the file a name that ends in {' or '.join(_WRITERS)}"])
    store = _open()
    try:
        with file.open("xb") as out:
            answers = store.entries.export(wave)
            out.write(write(answers))
    except FileExistsError:
        _stop([f"{file}: exists already; an export never replaces a file"])
    except NoResultFound:
        file.unlink()
        known = ", ".join(each.name for each in store.waves.all()) or "none yet"
        _stop([f"there is no wave '{wave}'; there are: {known}"])
    except OSError as error:
        _stop([f"{file}: cannot be written ({error.strerror})"])
    finally:
        store.close()
    print(escape_terminal(f"wrote the answers of {len(answers.responses)} regions to {file}"))


def _read_role(text: str) -> Role:
    if text not in ACCOUNT_ROLES:
        _stop([_ACCOUNT_FAULTS["role"]])
    return Role(text)


@app.command()
def account(
    name: Annotated[str, typer.Argument(help="E-mail address or another name to sign in with.")],
    role: Annotated[
        Role | None,
        typer.Option(
            parser=_read_role,
            metavar="<role>",
            help=f"One of {', '.join(ACCOUNT_ROLES)}. Needed for a new account.",
        ),
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(help="Its first line is the password; else it is asked for.")
    ] = None,
) -> None:
    """Make an account, or give one that is there a new password and let it in again."""
    password = _ask_password() if password_file is None else _read_password(password_file)
    store = _open()
    try:
        made = store.accounts.provide(name, role, password)
    except InvalidAccount as invalid:
        _stop([_ACCOUNT_FAULTS[invalid.code]])
    finally:
        store.close()
    print(f"account {made.id} can sign in as {made.name} ({made.role})")


_ACCOUNT_FAULTS = {
    "name_missing": "the name is empty",
    "name_long": f"the name has more than {LONGEST_NAME} characters",
    "name_characters": "the name has a space or an invisible character in it",
    "short": f"the password needs at least {SHORTEST_PASSWORD} characters",
    "long": f"the password has more than {LONGEST_PASSWORD} characters",
    "is_name": "the password is the name itself",
    "role": f"--role is one of {', '.join(ACCOUNT_ROLES)}; a new account needs one",
    "first": f"the first account must be that of an administrator: --role {Role.ADMINISTRATOR}",
    "last": "this is the last administrator who can sign in: make another first",
}


def _ask_password() -> str:
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        _stop(["the two passwords differ"])
    return password


def _read_password(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0].removesuffix("\r")
    except UnicodeDecodeError:
        _stop([f"{file}: is not text in UTF-8"])
    except OSError as error:
        _stop([f"{file}: cannot be read ({error.strerror})"])


@app.command()
def mail() -> None:
    """Send the mails that are queued, over the server that SMTP_HOST and the like tell."""
    settings, address = _read_mail_settings()
    store = _open()
    try:
        found = Counter(send_all(store.outbox, settings, address))
    except NoPostbox as unreachable:
        _stop([unreachable.english, "what was not sent stays queued"])
    except AlreadySending as busy:
        _stop([str(busy)])
    finally:
        store.close()
    print(
        f"sent {found[Outcome.ACCEPTED]}, refused {found[Outcome.REFUSED]}, "
        f"to be tried again {found[Outcome.DEFERRED] + found[Outcome.NOT_SENT]}, "
        f"uncertain {found[Outcome.UNKNOWN]}"
    )


def _read_mail_settings() -> tuple[SmtpSettings, str]:
    """The mail server, and the address of the app for links."""
    faults: list[str] = []
    settings = address = None
    try:
        settings = read_smtp_settings(os.environ)
        faults += [] if settings else ["SMTP_HOST: is not set; no mail can be sent"]
    except InvalidSmtpSettings as invalid:
        faults += invalid.faults
    try:
        address = read_app_address(os.environ)
        faults += [] if address else [_NO_ADDRESS]
    except InvalidAddress as invalid_address:
        faults.append(str(invalid_address))
    if settings is None or address is None:
        _stop(faults)
    return settings, address


_NO_ADDRESS = "MONITOR_ADDRESS: is not set; give the address of the app, for the links in the mails"


@app.command()
def backup(target: Annotated[Path, typer.Argument(help="The copy to be made.")]) -> None:
    """Copy the database, also while people are filling in; the copy is checked."""
    try:
        back_up(_file(), target)
    except FileExistsError:
        _stop([f"{target}: exists already; a backup never replaces a file"])
    except FileNotFoundError as missing:
        _stop([f"{missing}: there is no database to back up"])
    except Unusable as unusable:
        _stop([f"the copy is not sound: {fault}" for fault in unusable.faults])
    except (OSError, sqlite3.Error) as error:
        _stop([f"{target}: cannot be written ({error})"])
    print(escape_terminal(f"backed up to {target}"))


@app.command("restore")
def restore_command(
    source: Annotated[Path, typer.Argument(help="A copy made by: db backup")],
) -> None:
    """Put a backup in the place of the database, which is kept beside it."""
    try:
        kept = restore(source, _file())
    except FileNotFoundError:
        _stop([f"{source}: there is no such file"])
    except Unusable as unusable:
        _stop([f"{source}: {fault}" for fault in unusable.faults])
    except (OSError, sqlite3.Error) as error:
        _stop([f"{source}: cannot be restored ({error})"])
    before = f"; the database before is {kept}" if kept else ""
    print(escape_terminal(f"restored from {source}{before}"))


@app.command("erase-due")
def erase_due() -> None:
    """Erase names and addresses that were kept as long as the setting says; answers stay."""
    store = _open()
    erased = store.privacy.erase_due()
    store.close()
    print(f"erased the name and address of {erased} {'person' if erased == 1 else 'persons'}")


@app.command()
def check() -> None:
    """Look for damage (pages, constraints, orphans, definitions) and for what is against the rules
    (open questions in final responses, personal data in the audit trail); exit code 1 for any."""
    file = _file()
    if not file.exists():
        _stop([f"{file}: there is no database"])
    faults = list(find_faults(file)) or list(find_breaches(file))
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        raise typer.Exit(1)
    print("the database is sound")


def _file() -> Path:
    try:
        return database_file(database_url())
    except NotEmbedded as other:
        _stop([f"only the embedded database is backed up here: {other}"])


if __name__ == "__main__":
    app()
