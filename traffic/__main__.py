"""`python -m traffic`. Until everything is imported nothing has been started: Ctrl-C may end it silently."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)

from traffic.commands import main  # noqa: E402 # takes most of a second

sys.exit(main())
