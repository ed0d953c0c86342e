import django.contrib.postgres.indexes
from django.db import migrations
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("mentors", "0028_mark_kept_comments"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="profile",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=Q(("changed__gt", 0), ("is_here", True), ("is_listed", True)),
                fastupdate=False,
                fields=["facets"],
                name="mentors_profile_facets",
            ),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=Q(("changed__gt", 0), ("is_here", True), ("is_listed", True), ("taken__lt", F("capacity"))),
                fastupdate=False,
                fields=["facets"],
                name="mentors_profile_open_facets",
            ),
        ),
    ]
