"""`creditbank bake`: a signed credential into a picture, without the bank, its database or the network."""

from pathlib import Path
from typing import Annotated

import typer

from creditbank.badge_images import baked
from creditbank.commands.terminal import out


def bake(
    credential: Annotated[Path, typer.Argument(help="The credential: JSON with its proof, or a token.")],
    image: Annotated[Path, typer.Argument(help="The picture: PNG or SVG, at most 2 MiB.")],
    output: Annotated[Path | None, typer.Option(help="Where to write; beside the picture if not given.")] = None,
) -> None:
    """Put a credential into a picture (Open Badges 3.0, 5.3). The picture is redrawn; nothing is verified."""
    target = output or image.with_stem(f"{image.stem}-badge")
    made = baked(credential.read_bytes().strip(), image.read_bytes())
    target.write_bytes(made)
    out.print(f"✓ {target}", style="green", markup=False, soft_wrap=True)
