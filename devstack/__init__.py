"""Development only: the embedded services, the supervisor behind `make run`, test plumbing and the local mailbox."""
