"""What goes on from where: each record with states has one table of them, and one sentence for what does not go."""


class StepRefused(Exception):
    """What somebody wanted does not go any more, or not yet; the text says why, for them."""
