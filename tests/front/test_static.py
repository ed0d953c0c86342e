import json

from django.core.management import call_command


def test_static_files_survive_hashing(settings, tmp_path):
    """Production hashes every file and rewrites what sheets point to; a missing target or source map stops it."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    paths = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    bundle = (tmp_path / paths["css/waymark.min.css"]).read_text()
    assert paths["fonts/figtree-latin-wght-normal.woff2"].split("/")[-1] in bundle
    assert {"icons.svg", "js/waymark.js", "vendor/htmx.min.js", "img/contours.svg"} <= set(paths)
