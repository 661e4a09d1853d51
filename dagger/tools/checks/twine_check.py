"""What the field's own checker says, whatever the other checks know."""

import contextlib
import io
import logging

from checks.finding import Problem


def check_twine(dist):
    """`twine check --strict`, file by file."""
    from twine.commands.check import check

    for file in dist.files:
        said = io.StringIO()
        handler = logging.StreamHandler(said)
        logger = logging.getLogger("twine.commands.check")
        logger.addHandler(handler)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                failed = check([str(file.path)], strict=True)
        except Exception as error:  # unreadable files, unknown metadata
            yield Problem(f"{file.path.name}: {error}")
        else:
            if failed:
                reason = " ".join(said.getvalue().split())
                yield Problem(f"{file.path.name}: {reason}")
        finally:
            logger.removeHandler(handler)
