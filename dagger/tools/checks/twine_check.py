"""What the field's own checker says, whatever the other checks know."""

import contextlib
import io
import logging

from checks.finding import Evidence, Note, Problem


def check_twine(dist):
    """`twine check`, file by file; what only --strict refuses is a note.

    PyPI takes files without a description, and without a content type, which
    then means reStructuredText: six and pyyaml are released like that. Whether
    such a description renders is an error either way.
    """
    from twine.commands.check import check

    for file in dist.files:
        name, said = file.path.name, io.StringIO()
        handler = logging.StreamHandler(said)
        logger = logging.getLogger("twine.commands.check")
        logger.addHandler(handler)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                failed = check([str(file.path)])
        except Exception as error:  # unreadable files, unknown metadata
            yield Problem(f"{name}: {error}")
            continue
        finally:
            logger.removeHandler(handler)
        reason = " ".join(said.getvalue().split())
        yield Evidence(f"{name}: {reason or 'passed'}")
        if failed:
            yield Problem(f"{name}: {reason}")
        elif reason:
            yield Note(f"{name}: `twine check --strict` says {reason}")
