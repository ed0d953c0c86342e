from django.utils import timezone

from contacts.models import ImportPart
from tests.factories.contacts import ADDED_AT
from tests.factories.importing import ImportFactory, ImportRowFactory


def build_imports(world):
    """A file in each state in which its pages differ, all of the owner."""
    fields = {"owner": world.cast.owner, "file_name": "SECRETFILE.csv"}
    world.ready_import = ImportFactory(**fields, total=2, heading="Name,SECRETCOLUMN\r\n")
    world.import_row = ImportRowFactory(
        source=world.ready_import, name="SECRETROW", contact=world.contact, finding="look"
    )
    ImportRowFactory(source=world.ready_import, name="", finding="bad", decision="skip", problem="Odd", raw="SECRETRAW")
    world.new_import = ImportFactory(**fields, state="mapping")
    ImportPart.objects.create(source=world.new_import, number=0, content="SECRETCOLUMN,x\r\nSECRETCELL,y\r\n")
    world.done_import = ImportFactory(**fields, state="done", applied_at=timezone.now())
    ImportRowFactory(source=world.done_import, name="SECRETROW", problem="Changed", settled_at=ADDED_AT)
