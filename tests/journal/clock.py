from datetime import UTC, datetime

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # Saturday of week 47
