"""Start a hub from a checkout: ``python server.py IP PORT [options]``."""

import sys

import doors

if __name__ == "__main__":
    sys.exit(doors.enter("server_door", sys.argv[1:]))
