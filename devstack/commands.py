"""How a worker is started in `make run`, in tests and in the bench; docker-compose.yml starts it with the same."""

# They tell each other nothing: nobody listens, and what they would say keeps a worker waiting for a hung Redis.
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
WORKER = ["-A", "config", "worker", "--loglevel", "info", *QUIET]
