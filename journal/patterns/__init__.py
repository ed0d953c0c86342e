"""What comes back in a journal, worked out in memory: feelings, words, and on how many days somebody writes."""
