"""What the commands share: where they print, and with which status they end."""

from rich.console import Console

DONE, NO, UNDECIDED, TROUBLE = 0, 1, 2, 3
"""Exit codes: as asked; the answer is no (invalid, findings, failures); it cannot be said; the command failed."""

INTERRUPTED = 130
"""After an interrupt from the keyboard, as shells say it."""

out = Console(highlight=False, emoji=False)
err = Console(stderr=True, highlight=False, emoji=False)

YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}
"""How a yes or no is written in an option such as `--fact high_school_graduate=yes`."""
