"""Address cards: files of other address books read into plain values, and contacts written for them. Pure functions."""
