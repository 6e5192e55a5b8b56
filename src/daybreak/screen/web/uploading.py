"""Files that are sent stay in memory until they are sealed: none is written in clear to a temporary folder."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from daybreak.kernel.files import MOST_BYTES, MOST_FILES


class InMemory(FileUploadHandler):
    """Keeps one byte more than the most that is allowed of each file, so that too large a file is seen and named, and
    never more than all allowed files together.
    """

    def __init__(self, request: object = None) -> None:
        super().__init__(request)
        self.held = 0
        self.file = BytesIO()

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece of it while there is room."""
        room = min(MOST_BYTES + 1 - self.file.tell(), MOST_FILES * MOST_BYTES + 1 - self.held)
        if room > 0:
            self.held += self.file.write(raw_data[:room])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Hand the file over with the size that was sent."""
        self.file.seek(0)
        return InMemoryUploadedFile(
            self.file, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )
