"""Files of contacts on their way in: stored, read by a worker, looked at by their owner, applied, taken back."""
