"""``isnad keys``: who may use the API."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rag.cli_options import Home
from rag.keys import Scope, add_key, made_keys, revoke_key
from rag.settings import load_settings

keys = typer.Typer(
    help="API keys. While there is one, every address asks for a key.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="whose key it is", show_default=False)]


@keys.command()
def add(
    name: Name,
    scope: Annotated[Scope, typer.Option(help="read: ask; write: change articles too")] = "read",
    if_none: Annotated[bool, typer.Option(help="do nothing where there is a key")] = False,
    home: Home = None,
) -> None:
    """Make a key and print it: this once, since only its hash is kept."""
    folder = load_settings(home=home).home
    if if_none and made_keys(folder):
        return
    text = add_key(folder, name, scope)
    print(text)
    typer.echo(
        f"This {scope} key is shown once. From now on every address asks for a key: send it as\n"
        "`Authorization: Bearer KEY` or `X-API-Key: KEY`; a browser asks for a password, which\n"
        f"it is, with any user name. `isnad keys revoke {name}` takes it back.",
        err=True,
    )


@keys.command(name="list")
def list_keys(home: Home = None) -> None:
    """List the keys that were made here: name, scope and when."""
    rows = Table("name", "scope", "made", box=None)
    for key in made_keys(load_settings(home=home).home):
        rows.add_row(escape(key.name), key.scope, key.created)
    Console().print(rows)


@keys.command()
def revoke(name: Name, home: Home = None) -> None:
    """Take a key back; a running server refuses it at once."""
    revoke_key(load_settings(home=home).home, name)
