"""Gunicorn for `make run`: one process with threads, which starts anew when code or a template changes."""

from devstack.places import ROOT

workers = 1
threads = 4
worker_class = "gthread"
reload = True
# Django keeps templates in memory, so a change of one has to start the process anew too.
reload_extra_files = [str(path) for path in ROOT.glob("templates/**/*") if path.is_file()]
control_socket_disable = True  # it would be written to the home folder
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(M)s ms"  # the path without its query, which may hold what was typed
loglevel = "warning"
