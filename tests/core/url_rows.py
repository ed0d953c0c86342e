from tests.access import Row, everyone

ROWS = [Row("healthz", get=everyone())]
