"""What people do with their contacts."""
