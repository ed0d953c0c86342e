"""Cells that a spreadsheet must not run as a formula (OWASP, CSV Injection), and back."""

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARDED = (*_BEGINS_FORMULA, "'")


def guard(cell: str) -> str:
    """Return the cell with `'` before it where a spreadsheet could run it, or where one stands already."""
    return f"'{cell}" if cell.startswith(_GUARDED) else cell


def unguard(cell: str) -> str:
    """Return what `guard` was given; `'+49 30` of anybody else's table is `+49 30` too."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_GUARDED) else cell
