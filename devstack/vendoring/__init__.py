"""What the front end is made of: fetched, recorded, bundled. Not part of the running application."""
