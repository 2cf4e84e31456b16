"""Join a hub from a checkout: ``python client.py IP PORT [options]``."""

import sys

import doors

if __name__ == "__main__":
    sys.exit(doors.enter("client_door", sys.argv[1:]))
